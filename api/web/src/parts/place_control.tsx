// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from "preact/hooks";
import { t } from "../text";
import { Field } from "./field";

interface Place {
  name?: string;
  longitude?: number;
  latitude?: number;
  accuracy?: number;
  source?: "gps" | "photo" | "map" | "none";
}

function number_or_nothing(input: HTMLInputElement): number | undefined {
  return Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber;
}

// A place by words, by point, or by where the device is; none of them is asked for by itself.
export function PlaceControl({ id, value, change }: { id: string; value: unknown; change: (value: unknown) => void }) {
  const place = (value ?? {}) as Place;
  // A position comes late; by then the name may have been typed.
  const latest = useRef(place);
  latest.current = place;
  const [told, set_told] = useState("");
  const set = (changed: Partial<Place>) => {
    const next = { ...latest.current, ...changed };
    const empty = !next.name && next.longitude === undefined && next.latitude === undefined;
    change(empty ? undefined : next);
  };
  const locate = () => {
    set_told(t("place.locating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        set({
          longitude: Number(coords.longitude.toFixed(6)),
          latitude: Number(coords.latitude.toFixed(6)),
          accuracy: Math.round(coords.accuracy),
          source: "gps",
        });
        set_told(t("place.located", { accuracy: Math.round(coords.accuracy) }));
      },
      () => set_told(t("place.not_located")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  };
  return (
    <div class="stack">
      <Field id={`${id}-name`} label={t("place.name")}>
        <input id={`${id}-name`} maxLength={200} value={place.name ?? ""}
          onInput={(event) => set({ name: event.currentTarget.value || undefined })} />
      </Field>
      <div class="row">
        <div class="grow">
          <Field id={`${id}-latitude`} label={t("place.latitude")}>
            <input id={`${id}-latitude`} type="number" step="any" min={-90} max={90} value={place.latitude ?? ""}
              onInput={(event) => set({ latitude: number_or_nothing(event.currentTarget), source: "map", accuracy: undefined })} />
          </Field>
        </div>
        <div class="grow">
          <Field id={`${id}-longitude`} label={t("place.longitude")}>
            <input id={`${id}-longitude`} type="number" step="any" min={-180} max={180} value={place.longitude ?? ""}
              onInput={(event) => set({ longitude: number_or_nothing(event.currentTarget), source: "map", accuracy: undefined })} />
          </Field>
        </div>
      </div>
      <div class="row">
        {"geolocation" in navigator && <button type="button" class="small" onClick={locate}>{t("place.locate")}</button>}
        <span class="muted" role="status">{told}</span>
      </div>
    </div>
  );
}
