// SPDX-License-Identifier: Apache-2.0
#include "tools/bihuan/settings.hpp"

#include <algorithm>
#include <cctype>

namespace bihuan {

std::string Setting::name() const {
  return std::string(section) + "." + std::string(key);
}

std::string Setting::variable() const {
  auto name = "BIHUAN_" + std::string(section) + "__" + std::string(key);
  std::ranges::transform(name, name.begin(), [](unsigned char one) { return static_cast<char>(std::toupper(one)); });
  return name;
}

std::vector<Setting> const& settings() {
  using Options = ServeOptions;
  static std::vector<Setting> const all{
      {"server", "address", "--address", "Where to listen", &Options::address},
      {"server", "port", "--port", "0 takes any free one", &Options::port, 0, 65535},
      {"server", "workers", "--workers", "Threads for requests; 0 goes by the machine", &Options::workers, 0, 1024},
      {"server", "secure_cookie", "--secure-cookie", "Behind TLS: the session cookie never travels in the clear",
       &Options::secure_cookie},
      {"server", "trusted_proxies", "--trusted-proxy",
       "ADDRESS[/bits] whose word on the client is believed; repeatable", &Options::trusted_proxies},
      {"server",
       "proxy_header",
       "--proxy-header",
       "What that proxy writes; the other is ignored",
       &Options::proxy_header,
       0,
       0,
       {"x-forwarded", "forwarded"}},
      {"tls", "certificate", "--tls-certificate", "PEM, with its chain; read again on SIGHUP",
       &Options::tls_certificate},
      {"tls", "key", "--tls-key", "PEM, not encrypted", &Options::tls_key},
      {"data", "directory", "--data", "The data directory; made when it is not there", &Options::data},
      {"data", "store", "--store",
       "postgresql://… for several nodes on one database; the data directory then keeps the key alone",
       &Options::store},
      {"data", "workflows", "--workflows", "Definitions, calendars and organisation", &Options::workflows},
      {"data", "backups", "--backups", "Where the backups are made, for the age of the last one", &Options::backups},
      {"sign_in", "second_factor_roles", "--totp-role", "A role that needs a second factor; may be given again",
       &Options::totp_roles},
      {"audit", "days", "--audit-days", "How long the audit of reading is kept; half a year at least",
       &Options::audit_days, 183, 36500},
      {"seals", "seconds", "--seal-seconds", "From one seal of the log of all events to the next",
       &Options::seal_seconds, 1, 86400},
      {"webhooks", "targets", "--webhook-target",
       "HOST[:port], *.DOMAIN or ADDRESS[/bits] that webhooks may send to; repeatable, none without",
       &Options::webhook_targets},
      {"metrics", "address", "--metrics-address", "Where /metrics is served, apart from the page",
       &Options::metrics_address},
      {"metrics", "port", "--metrics-port", "0 serves it beside the page; else on a port of its own",
       &Options::metrics_port, 0, 65535},
      {"log",
       "level",
       "--log-level",
       "From which weight on",
       &Options::log_level,
       0,
       0,
       {"trace", "debug", "info", "warning", "error", "off"}},
  };
  return all;
}

}  // namespace bihuan
