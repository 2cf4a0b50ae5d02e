// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "preact/hooks";
import { most_photos } from "../../offline/report";
import type { Photo } from "../../offline/report";
import { Icon } from "../../parts/icon";
import { size_text } from "../../parts/documents_field";
import { t } from "../../text";

export function Thumbnail({ photo, number }: { photo: Photo; number: number }) {
  const [address, set_address] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(photo.bytes);
    set_address(made);
    return () => URL.revokeObjectURL(made);
  }, [photo.bytes]);
  return address ? <img src={address} alt={t("report.photo_of", { number, size: size_text(photo.bytes.size) })} /> : null;
}

interface PhotoRowProps {
  photos: readonly Photo[];
  taking: number;
  add: (files: File[]) => void;
  remove: (id: string) => void;
}

export function PhotoRow({ photos, taking, add, remove }: PhotoRowProps) {
  const full = photos.length + taking >= most_photos;
  const take = (event: { currentTarget: HTMLInputElement }) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = "";
    if (files.length > 0) add(files);
  };
  return (
    <section aria-labelledby="photos-title">
      <div class="row apart">
        <h2 id="photos-title">{t("report.photos")}</h2>
        <span class="muted" role="status">
          {taking > 0 ? t("report.taking", { count: taking }) : t("report.photo_count", { count: photos.length, most: most_photos })}
        </span>
      </div>
      <ul class="plain shots">
        {photos.map((photo, index) => (
          <li key={photo.id}>
            <Thumbnail photo={photo} number={index + 1} />
            <button type="button" aria-label={t("report.remove_photo", { number: index + 1 })} onClick={() => remove(photo.id)}>×</button>
          </li>
        ))}
        {!full && (
          <>
            <li>
              <label class="add">
                <Icon name="camera" size={26} />{t("report.take_photo")}
                <input id="report-camera" class="hidden-text" type="file" accept="image/*" capture="environment" onChange={take} />
              </label>
            </li>
            <li>
              <label class="add">
                <span class="plus" aria-hidden="true">＋</span>{t("report.choose_photos")}
                <input id="report-album" class="hidden-text" type="file" accept="image/*" multiple onChange={take} />
              </label>
            </li>
          </>
        )}
      </ul>
    </section>
  );
}
