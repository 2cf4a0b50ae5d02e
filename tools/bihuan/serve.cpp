// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/serve.hpp"

#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <ostream>
#include <system_error>
#include <thread>

#include "api/http/log.hpp"
#include "api/http/outgoing.hpp"
#include "api/http/page.hpp"
#include "api/http/server.hpp"
#include "api/routes/routes.hpp"
#include "engine/core/message.hpp"
#include "engine/service/audit_log.hpp"
#include "engine/service/case_service.hpp"
#include "engine/service/clock_watch.hpp"
#include "engine/service/following.hpp"
#include "engine/service/sealer.hpp"
#include "engine/service/sign_in.hpp"
#include "engine/store/shared_store.hpp"
#include "engine/store/store_fault.hpp"
#include "tools/bihuan/gauges.hpp"
#include "tools/bihuan/listen.hpp"
#include "tools/bihuan/open_store.hpp"
#include "tools/bihuan/place.hpp"
#include "tools/bihuan/print.hpp"
#include "tools/bihuan/scratch.hpp"
#include "tools/bihuan/sealing.hpp"

namespace bihuan {
namespace {

using namespace std::chrono_literals;

// A node that does not lead asks so often whether it does.
constexpr auto until_it_may_lead = 1s;
// And whether a newer program has made this one too old.
constexpr std::chrono::microseconds until_it_may_be_old = 500ms;

constexpr unsigned most_handlers = 256;  // threads

Instant wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// Signals come to whoever waits for them, so every thread that is started later must not take them.
sigset_t hold_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A file that may not grow any more is a fault of the store, and no end.
  signal(SIGXFSZ, SIG_IGN);
  return signals;
}

// A thousand connections, the files of the store and what is uploaded are more than many systems give at first.
void allow_descriptors() {
  constexpr rlim_t enough = 4096;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= enough) return;
  limit.rlim_cur = std::min(limit.rlim_max, enough);
  setrlimit(RLIMIT_NOFILE, &limit);
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
  Sweeper(CaseService& cases, AuditLog& audit, ClockWatch& watch)
      : cases_(cases), audit_(audit), watch_(watch), thread_([this](std::stop_token const& stop) { run(stop); }) {}

 private:
  void run(std::stop_token const& stop) {
    while (!stop.stop_requested()) {
      look_at_clock();
      auto const pause = leads(cases_.store()) ? sweep(stop) : until_it_may_lead;
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause, [] { return false; });
    }
  }

  // How long nothing falls due after it.
  std::chrono::seconds sweep(std::stop_token const& stop) {
    // None of these waits for another to go well.
    attempt([this] { (void)cases_.open_recurring(); });
    attempt([&] {
      while (!stop.stop_requested() && cases_.sweep() > 0) continue;
    });
    // A clock that was wrong for an hour must not have the audit of a year forgotten.
    if (!watch_.set_within(24h)) attempt([this] { (void)audit_.purge_expired(); });
    auto pause = std::chrono::seconds(30);
    attempt([&] {
      if (auto const next = cases_.store().cases().next_wakeup())
        pause = std::clamp<std::chrono::seconds>(*next - cases_.now(), 1s, pause);
    });
    return pause;
  }

  void look_at_clock() {
    auto const step = watch_.look();
    if (!step) return;
    auto const seconds = std::to_string(step->count());
    http::log_event(spdlog::level::warn, "clock set", {{"seconds", seconds}});
  }

  static void attempt(std::function<void()> const& work) {
    try {
      work();
    } catch (std::exception const& fault) {
      http::log_event(spdlog::level::err, "sweep_failed", {{"error", http::reason_of(fault)}});
    }
  }

  CaseService& cases_;
  AuditLog& audit_;
  ClockWatch& watch_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // stops and joins first
};

// Tells webhooks what changes: when something was appended, and when a receiver is to be asked again.
class Teller {
 public:
  Teller(WebhookService& webhooks, CaseService& cases, std::shared_ptr<routes::News> news)
      : webhooks_(webhooks),
        cases_(cases),
        listener_(std::move(news), [this] { ring(); }),
        thread_([this](std::stop_token const& stop) { run(stop); }) {}

 private:
  void ring() {
    std::lock_guard const lock(mutex_);
    rung_ = true;
    wake_.notify_one();
  }

  void run(std::stop_token const& stop) {
    while (!stop.stop_requested()) {
      auto const pause = leads(cases_.store()) ? deliver() : until_it_may_lead;
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, pause, [this] { return rung_; });
      rung_ = false;
    }
  }

  // How long nobody is to be asked again after it.
  std::chrono::seconds deliver() {
    auto pause = std::chrono::seconds(30);
    try {
      if (auto const next = webhooks_.deliver())
        pause = std::clamp<std::chrono::seconds>(*next - cases_.now(), 0s, pause);
    } catch (std::exception const& fault) {
      http::log_event(spdlog::level::err, "webhooks_failed", {{"error", http::reason_of(fault)}});
    }
    return pause;
  }

  WebhookService& webhooks_;
  CaseService& cases_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool rung_ = false;
  routes::News::Listener listener_;
  std::jthread thread_;  // stops and joins first
};

std::string url_of(std::string const& scheme, std::string const& address, std::uint16_t port) {
  bool const v6 = address.find(':') != std::string::npos;
  return scheme + "://" + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

// On the page's own port the numbers are only for those who keep the service, once others have a port for them.
void keep_for_administrators(std::vector<http::Route>& routes) {
  for (auto& route : routes) {
    if (route.operation == "get_metrics") route.access = {.who = http::Access::Who::one_of_roles, .roles = {"admin"}};
  }
}

std::vector<http::Metrics::Route> metric_routes(std::vector<http::Route> const& routes) {
  std::vector<http::Metrics::Route> named;
  for (auto const& route : routes) named.push_back({.method = route.method, .pattern = route.pattern});
  return named;
}

AuditLog::Options audit_options(ServeOptions const& options) {
  AuditLog::Options audit;
  audit.retention = std::chrono::days(options.audit_days);
  audit.on_fault = [](std::string const& reason) {
    http::log_event(spdlog::level::err, "audit not written", {{"reason", reason}});
  };
  return audit;
}

// Until SIGTERM or SIGINT, or until a newer program has made this one too old: then false. Where systemd runs a
// watchdog, it hears meanwhile that the server still turns.
bool wait_for_end(sigset_t const& signals, ServeOptions const& options, Store& store, http::Server& server) {
  std::uint64_t limit = 0;
  auto const watched = sd_watchdog_enabled(0, &limit) > 0;
  auto const longest = options.store.empty() ? std::chrono::microseconds(1h) : until_it_may_be_old;
  auto const pause = watched ? std::min(std::chrono::microseconds(limit / 3), longest) : longest;
  timespec const period{.tv_sec = pause / 1s, .tv_nsec = (pause % 1s) / 1ns};
  for (;;) {
    int const signal = sigtimedwait(&signals, nullptr, &period);
    if (signal == SIGTERM || signal == SIGINT) return true;
    if (outdated(store)) return false;
    if (signal == SIGHUP) reload_tls(options, server);
    if (watched && server.turns(std::chrono::duration_cast<std::chrono::milliseconds>(pause)))
      sd_notify(0, "WATCHDOG=1");
  }
}

// Numbers for the operator's own monitoring, on a port that the page's users need not reach. Not busy, so one thread
// serves it.
class MetricsListener {
 public:
  MetricsListener(ServeOptions const& options, routes::Context& context)
      : router_(operating_routes(context)),
        metrics_(metric_routes(router_.routes())),
        workers_({.name = "metrics", .threads = 1, .queue_limit = 16}),
        server_({.address = options.metrics_address,
                 .port = static_cast<std::uint16_t>(options.metrics_port),
                 .access_log = false},
                router_, workers_, metrics_) {
    server_.start();
  }

 private:
  static std::vector<http::Route> operating_routes(routes::Context& context) {
    auto routes = routes::make_routes(context);
    std::erase_if(routes, [](http::Route const& route) {
      return route.operation != "get_livez" && route.operation != "get_readyz" && route.operation != "get_metrics";
    });
    return routes;
  }

  http::Router router_;
  http::Metrics metrics_;  // of these few requests, shown to nobody
  http::WorkerPool workers_;
  http::Server server_;
};

int serve(ServeOptions const& options, Library& library, Store& store, http::ServerOptions const& listen,
          WebhookSender webhook_sender, std::ostream& out) {
  auto const signals = hold_signals();
  allow_descriptors();
  auto const cores = std::max(1U, std::thread::hardware_concurrency());
  CaseService cases(store, library, wall_clock);
  // A directory asks for no second factor, and who came from which of the two is not kept.
  SignIn sign_in(store, wall_clock,
                 {.second_factor_roles = options.totp_roles,
                  .second_factor_elsewhere = options.oidc_second_factor && options.ldap_url.empty()});
  Accounts accounts(store, library, wall_clock);
  Units units(store, library, wall_clock);
  DefinitionKeeper definitions(store, library, wall_clock, make_scratch_store);
  Migrations migrations(store, library, wall_clock);
  MachineTokens tokens(store, wall_clock);
  AuditLog audit(store, wall_clock, audit_options(options));
  WebhookService webhooks(cases, sign_in, audit, std::move(webhook_sender));
  Sealer sealer(store, wall_clock);
  // Who signs in holds a handler meanwhile: with less room than there are handlers, a flood of them leaves
  // some free.
  http::WorkerPool passwords({.name = "passwords", .threads = cores, .queue_limit = 4 * cores});
  auto const place = place_sign_in(options, wall_clock);
  std::unique_ptr<http::Metrics> metrics;
  routes::Context context{.cases = cases,
                          .sign_in = sign_in,
                          .accounts = accounts,
                          .units = units,
                          .definitions = definitions,
                          .migrations = migrations,
                          .tokens = tokens,
                          .webhooks = webhooks,
                          .store = store,
                          .audit = audit,
                          .sealer = sealer,
                          .passwords = passwords,
                          .metrics = [&metrics] { return metrics->render(); },
                          .secure_cookie = options.secure_cookie,
                          .place = place.get()};
  auto routes = routes::make_routes(context);
  metrics = std::make_unique<http::Metrics>(metric_routes(routes));
  if (options.metrics_port != 0) {
    add_gauges(*metrics, cases, options);
    keep_for_administrators(routes);
  }
  http::Page const page(http::page_files());
  http::Router const router(std::move(routes), routes::make_gate(context),
                            [&page](http::Request const& request) { return page.answer(request); });
  // Handlers mostly wait for a commit, and those that wait together share one. A queue that moves this slowly is one of
  // an overload, or of a disk that hangs: more people in it would only wait longer.
  http::WorkerPool workers(
      {.name = "handlers",
       .threads = options.workers > 0 ? static_cast<std::size_t>(options.workers) : std::min(32 * cores, most_handlers),
       .nice = 3,
       .queue_limit = 1024,
       .patience = std::chrono::milliseconds(250),
       .burst = std::chrono::seconds(2)});
  for (auto const* const pool : {&workers, &passwords}) {
    metrics->add_gauge({.name = "bihuan_queue_depth",
                        .help = "Requests that wait for a worker.",
                        .labels = pool == &workers ? "pool=\"handlers\"" : "pool=\"passwords\"",
                        .value = [pool] { return static_cast<double>(pool->queue_depth()); }});
  }
  ClockWatch watch(wall_clock, seconds_since_boot);
  metrics->add_gauge({.name = "bihuan_clock_steps",
                      .help = "Steps of a minute or more that the system's clock made since the start.",
                      .value = [&watch] { return static_cast<double>(watch.steps()); }});
  add_replica_gauges(*metrics, store);
  Following const following(library, store, [](std::exception const& fault) {
    http::log_event(spdlog::level::err, "following_failed", {{"error", http::reason_of(fault)}});
  });
  http::Server server(listen, router, workers, *metrics);
  server.start();
  std::optional<MetricsListener> apart;
  if (options.metrics_port != 0) apart.emplace(options, context);
  bool asked_to = true;
  {
    Sweeper const sweeper(cases, audit, watch);
    Sealing const sealing(sealer, std::chrono::seconds(options.seal_seconds), [&store] { return leads(store); });
    Teller const teller(webhooks, cases, context.news);
    auto const scheme = listen.tls ? "https" : "http";
    say(out, message("serve.ready", {{"url", url_of(scheme, options.address, server.port())}}));
    sd_notify(0, "READY=1");
    asked_to = wait_for_end(signals, options, store, server);
    sd_notify(0, "STOPPING=1");
    if (asked_to)
      http::log_event(spdlog::level::info, "stopping", {});
    else
      http::log_event(spdlog::level::err, "stopping", {{"reason", message("serve.too_old").en}});
    server.stop();
  }
  workers.stop();
  passwords.stop();
  if (place) place->calls.stop();
  return asked_to ? done : too_old;
}

int start(ServeOptions const& options, std::ostream& out, std::ostream& err) {
  auto listen = listening(options);
  if (!listen) {
    for (auto const& fault : listen.error()) say(err, fault);
    return said_no;
  }
  if (auto const faults = faults_of_place(options); !faults.empty()) {
    for (auto const& fault : faults) say(err, fault);
    return said_no;
  }
  if (sd_listen_fds(1) > 0) listen->listening = SD_LISTEN_FDS_START;
  auto targets = http::Targets::parse(options.webhook_targets);
  if (!targets) {
    print_refusals(err, targets.error());
    return said_no;
  }
  auto library = Library::load(options.workflows);
  if (!library) {
    print_refusals(err, library.error());
    return said_no;
  }
  auto store = open_store(options.data, options.store, KeyUse::needed, options.replica);
  if (!store) {
    print_refusals(err, store.error());
    return store.error().front().code == Code::newer_store ? too_old : said_no;
  }
  if (auto const fit = library->reconcile(**store); !fit) {
    print_refusals(err, fit.error());
    return said_no;
  }
  library->follow(**store);
  return serve(options, *library, **store, *listen, http::make_webhook_sender(std::move(*targets)), out);
}

}  // namespace

int run_serve(ServeOptions const& options, std::ostream& out, std::ostream& err) {
  start_log(options.log_level);
  try {
    return start(options, out, err);
  } catch (std::system_error const& fault) {
    say(err, message("serve.cannot_listen", {{"reason", fault.what()}}));
  } catch (StoreFault const& fault) {
    say(err,
        message("serve.store_fault", {{"path", shown_store(options.data, options.store)}, {"reason", fault.what()}}));
  }
  return said_no;
}

}  // namespace bihuan
