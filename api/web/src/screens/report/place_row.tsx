// SPDX-License-Identifier: Apache-2.0
// Where it is: from the device, from a photo, from the map, in words, or not at all. None of it holds anybody up.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Photo, Place, Report } from "../../offline/report";
import { distance_text, locate, metres_between, point_of } from "../../geo";
import type { Fix } from "../../geo";
import { Dialog } from "../../parts/dialog";
import { Field } from "../../parts/field";
import { PlaceMap } from "../../parts/place_map";
import type { MapPoint } from "../../parts/place_map";
import { t } from "../../text";

// Farther apart than this, somebody should say which of the two it is.
const apart = 200;

function place_text(place: Place | undefined, busy: boolean): string {
  const point = point_of(place);
  if (!point) return busy ? t("place.locating") : place?.source === "none" ? t("report.place_skipped") : t("report.no_place");
  const at = `${point.latitude.toFixed(5)}, ${point.longitude.toFixed(5)}`;
  if (place!.source === "gps") return t("report.by_gps", { at, accuracy: place!.accuracy ?? "?" });
  return place!.source === "photo" ? t("report.by_photo", { at }) : t("report.by_map", { at });
}

interface PlaceRowProps {
  report: Report;
  photos: readonly Photo[];
  points: readonly MapPoint[];
  change: (changed: Partial<Report> | ((was: Report) => Partial<Report>)) => void;
}

export function PlaceRow({ report, photos, points, change }: PlaceRowProps) {
  const [fix, set_fix] = useState<Fix | undefined>(undefined);
  const [busy, set_busy] = useState(false);
  const [map_open, set_map_open] = useState(false);
  const shown = useRef(true);
  const place = report.place;

  const set_point = (next: Place) => change((was) => ({ place: { ...next, name: was.place?.name } }));
  const find = async (forced: boolean) => {
    set_busy(true);
    const found = await locate();
    if (!shown.current) return;
    set_busy(false);
    if (!found) return;
    set_fix(found);
    // What somebody chose, or left out on purpose, is not overruled by a late position.
    change((was) => (forced || !was.place?.source ? { place: { ...found, source: "gps", name: was.place?.name } } : {}));
  };
  useEffect(() => {
    shown.current = true;
    if (!place?.source || place.source === "gps") void find(false);
    return () => {
      shown.current = false;
    };
  }, [report.id]);

  const of_photo = photos.find((photo) => photo.place)?.place;
  const photo_point = point_of(of_photo);
  const far = fix && photo_point ? metres_between(fix, photo_point) : 0;
  return (
    <section aria-labelledby="place-title" class="stack">
      <div class="row apart">
        <h2 id="place-title">{t("report.place")}</h2>
        <span role="status" class="place-told">{place_text(place, busy)}</span>
      </div>
      {far > apart && place?.source !== "map" && place?.source !== "none" && (
        <div class="told">
          <p>{t("report.places_differ", { distance: distance_text(far) })}</p>
          <div class="row">
            <button type="button" aria-pressed={place?.source === "photo"} onClick={() => set_point({ ...photo_point!, source: "photo" })}>
              {t("report.use_photo")}
            </button>
            <button type="button" aria-pressed={place?.source === "gps"} onClick={() => set_point({ ...fix!, source: "gps" })}>
              {t("report.use_gps")}
            </button>
          </div>
        </div>
      )}
      <div class="row">
        <button type="button" disabled={busy} onClick={() => void find(true)}>{t("report.locate")}</button>
        <button type="button" onClick={() => set_map_open(true)}>{t("report.pick")}</button>
        <button type="button" onClick={() => change((was) => ({ place: { source: "none", name: was.place?.name } }))}>{t("report.skip_place")}</button>
      </div>
      <Field id="report-place" label={t("place.name")}>
        <input id="report-place" maxLength={200} value={place?.name ?? ""} placeholder={t("report.place_hint")}
          onInput={(event) => {
            const name = event.currentTarget.value || undefined;
            change((was) => ({ place: { ...was.place, name } }));
          }} />
      </Field>
      {map_open && (
        <PickDialog start={point_of(place) ?? fix} here={fix} points={points} close={() => set_map_open(false)}
          choose={(point) => {
            set_point({ ...point, source: "map" });
            set_map_open(false);
          }} />
      )}
    </section>
  );
}

interface PickDialogProps {
  start?: { latitude: number; longitude: number };
  here?: Fix;
  points: readonly MapPoint[];
  choose: (point: { latitude: number; longitude: number }) => void;
  close: () => void;
}

function PickDialog({ start, here, points, choose, close }: PickDialogProps) {
  const [latitude, set_latitude] = useState<number | undefined>(start?.latitude);
  const [longitude, set_longitude] = useState<number | undefined>(start?.longitude);
  const whole = latitude !== undefined && longitude !== undefined && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  const number = (input: HTMLInputElement) => (Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber);
  return (
    <Dialog title={t("report.pick")} close={close} wide>
      <div class="stack">
        <p class="muted">{t("report.pick_how")}</p>
        <PlaceMap label={t("report.pick")} here={here} points={points} chosen={whole ? { latitude, longitude } : undefined}
          choose={(point) => {
            set_latitude(point.latitude);
            set_longitude(point.longitude);
          }} />
        <div class="row">
          <div class="grow">
            <Field id="pick-latitude" label={t("place.latitude")}>
              <input id="pick-latitude" type="number" step="any" min={-90} max={90} value={latitude ?? ""}
                onInput={(event) => set_latitude(number(event.currentTarget))} />
            </Field>
          </div>
          <div class="grow">
            <Field id="pick-longitude" label={t("place.longitude")}>
              <input id="pick-longitude" type="number" step="any" min={-180} max={180} value={longitude ?? ""}
                onInput={(event) => set_longitude(number(event.currentTarget))} />
            </Field>
          </div>
        </div>
      </div>
      <div class="finish">
        <button type="button" onClick={close}>{t("shell.cancel")}</button>
        <button type="button" class="primary" disabled={!whole} onClick={() => whole && choose({ latitude, longitude })}>{t("report.pick_this")}</button>
      </div>
    </Dialog>
  );
}
