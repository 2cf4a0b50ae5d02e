// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/serve.hpp"

#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <system_error>
#include <thread>

#include "api/http/log.hpp"
#include "api/http/server.hpp"
#include "api/routes/routes.hpp"
#include "engine/core/message.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/sign_in.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/bihuan/print.hpp"

namespace bihuan {
namespace {

using namespace std::chrono_literals;

Instant wall_clock() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

void say(std::ostream& stream, Text const& text) { stream << text.zh << " " << text.en << std::endl; }

// Signals come to whoever waits for them, so every thread that is started later must not take them.
sigset_t hold_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void start_log(std::string const& level) {
  auto log = spdlog::get("bihuan");
  if (!log) log = spdlog::stderr_logger_mt("bihuan");
  log->set_pattern(http::json_log_pattern);
  log->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(log));
}

// Does what falls due: looks when the next deadline comes, but every half minute at least.
class Sweeper {
 public:
  explicit Sweeper(CaseService& cases) : cases_(cases), thread_([this](std::stop_token const& stop) { run(stop); }) {}

 private:
  void run(std::stop_token const& stop) {
    while (!stop.stop_requested()) {
      auto pause = std::chrono::seconds(30);
      try {
        while (!stop.stop_requested() && cases_.sweep() > 0) continue;
        if (auto const next = cases_.store().cases().next_wakeup()) pause = std::clamp<std::chrono::seconds>(*next - cases_.now(), 1s, pause);
      } catch (std::exception const& fault) {
        http::log_event(spdlog::level::err, "sweep_failed", {{"error", fault.what()}});
      }
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause, [] { return false; });
    }
  }

  CaseService& cases_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // stops and joins first
};

std::string url_of(std::string const& address, std::uint16_t port) {
  bool const v6 = address.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

std::vector<http::Metrics::Route> metric_routes(std::vector<http::Route> const& routes) {
  std::vector<http::Metrics::Route> named;
  for (auto const& route : routes) named.push_back({.method = route.method, .pattern = route.pattern});
  return named;
}

int serve(ServeOptions const& options, Library const& library, Store& store, std::ostream& out) {
  auto const signals = hold_signals();
  auto const cores = std::max(1U, std::thread::hardware_concurrency());
  CaseService cases(store, library, wall_clock);
  SignIn sign_in(store, wall_clock);
  http::WorkerPool passwords({.name = "passwords", .threads = cores, .queue_limit = 64});
  std::unique_ptr<http::Metrics> metrics;
  routes::Context context{.cases = cases,
                          .sign_in = sign_in,
                          .store = store,
                          .passwords = passwords,
                          .metrics = [&metrics] { return metrics->render(); },
                          .secure_cookie = options.secure_cookie};
  auto routes = routes::make_routes(context);
  metrics = std::make_unique<http::Metrics>(metric_routes(routes));
  http::Router const router(std::move(routes), routes::make_gate(context));
  // Workers mostly wait for a commit, and those that wait together share one.
  http::WorkerPool workers({.name = "handlers", .threads = options.workers > 0 ? options.workers : 8 * cores, .queue_limit = 1024});
  metrics->add_gauge("bihuan_queue_depth", "pool=\"handlers\"", [&workers] { return static_cast<double>(workers.queue_depth()); });
  metrics->add_gauge("bihuan_queue_depth", "pool=\"passwords\"", [&passwords] { return static_cast<double>(passwords.queue_depth()); });
  http::ServerOptions listen;
  listen.address = options.address;
  listen.port = options.port;
  http::Server server(listen, router, workers, *metrics);
  server.start();
  {
    Sweeper const sweeper(cases);
    say(out, message("serve.ready", {{"url", url_of(options.address, server.port())}}));
    int signal = 0;
    sigwait(&signals, &signal);
    http::log_event(spdlog::level::info, "stopping", {});
    server.stop();
  }
  workers.stop();
  passwords.stop();
  return done;
}

int start(ServeOptions const& options, std::ostream& out, std::ostream& err) {
  auto library = Library::load(options.workflows);
  if (!library) {
    print_refusals(err, library.error());
    return said_no;
  }
  auto store = open_sqlite_store(options.data);
  if (!store) {
    print_refusals(err, store.error());
    return said_no;
  }
  if (auto const fit = library->reconcile(**store); !fit) {
    print_refusals(err, fit.error());
    return said_no;
  }
  return serve(options, *library, **store, out);
}

}  // namespace

int run_serve(ServeOptions const& options, std::ostream& out, std::ostream& err) {
  start_log(options.log_level);
  try {
    return start(options, out, err);
  } catch (std::system_error const& fault) {
    say(err, message("serve.cannot_listen", {{"reason", fault.what()}}));
  } catch (StoreFault const& fault) {
    say(err, message("serve.store_fault", {{"path", options.data.string()}, {"reason", fault.what()}}));
  }
  return said_no;
}

}  // namespace bihuan
