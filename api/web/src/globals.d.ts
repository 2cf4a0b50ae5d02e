// SPDX-License-Identifier: Apache-2.0
// What build.mjs fills in.
declare const PHOTO_WORKER: string;
declare const SHELL: readonly string[];
declare const SHELL_VERSION: string;
declare module "*.css";
