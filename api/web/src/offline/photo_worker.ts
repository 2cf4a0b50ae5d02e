// SPDX-License-Identifier: Apache-2.0
import { prepare_photo } from "./photo";

export interface PhotoWish {
  id: number;
  file: Blob;
  keep_original: boolean;
}

self.onmessage = ({ data }: MessageEvent<PhotoWish>) => {
  prepare_photo(data.file, data.keep_original).then(
    (prepared) => self.postMessage({ id: data.id, prepared }),
    (fault) => self.postMessage({ id: data.id, fault: String(fault) }),
  );
};
