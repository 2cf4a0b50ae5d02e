// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http/metrics.hpp"
#include "engine/service/case_service.hpp"
#include "tools/bihuan/serve.hpp"

namespace bihuan {

// What an operator's monitoring asks of the data: open cases by workflow and light, the size of the write-ahead log,
// room on the disk, the age of the last backup, and which build this is. Counting costs a query, so its answer serves
// for half a minute. Numbers of confidential workflows are among them: for a listener of the operator's own.
void add_gauges(http::Metrics& metrics, CaseService& cases, ServeOptions const& options);

// How many readings a replica answers, where the store has one. It must live as long.
void add_replica_gauges(http::Metrics& metrics, Store& store);

}  // namespace bihuan
