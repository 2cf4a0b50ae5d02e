// SPDX-License-Identifier: Apache-2.0
import { Loading } from "../parts/trouble";

export default function Screen() {
  return <Loading />;
}
