// SPDX-License-Identifier: Apache-2.0
// A list of cases with all that may be said in its place: that it loads, that it is empty, what went wrong.
import type { ComponentProps } from "preact";
import { CaseList } from "./case_list";
import { MoreButton } from "./paged_cases";
import type { PagedCases } from "./paged_cases";
import { Empty, Loading, Trouble } from "./trouble";

interface PagedListProps extends Omit<ComponentProps<typeof CaseList>, "lines"> {
  cases: PagedCases;
  empty: string;
}

export function PagedList({ cases, empty, ...list }: PagedListProps) {
  const { lines, problem } = cases;
  return (
    <>
      {problem && <Trouble problem={problem} retry={cases.reload} />}
      {!lines && !problem && <Loading />}
      {lines?.length === 0 && <Empty>{empty}</Empty>}
      {lines && lines.length > 0 && (
        <>
          <CaseList lines={lines} {...list} />
          <MoreButton cases={cases} />
        </>
      )}
    </>
  );
}
