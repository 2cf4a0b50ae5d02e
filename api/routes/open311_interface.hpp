// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "api/http/message.hpp"
#include "api/routes/context.hpp"
#include "engine/core/json.hpp"

namespace bihuan::routes {

// What Open311 is told of our complaints, in one language. Lives no longer than the library it was made of.
struct Open311Interface {
  ServiceRequests const& requests;
  Definition const& definition;
  Language language;

  [[nodiscard]] Field const& service() const { return *definition.find_field(requests.service); }
};

// Where there is one (see wrong_place).
[[nodiscard]] Open311Interface open311_interface_of(http::Request const& request, Context const& context);

[[nodiscard]] Choice const* find_open311_service(Open311Interface const& interface, std::string_view code);
[[nodiscard]] OrderedJson open311_service(Open311Interface const& interface, Choice const& choice);
// What a request of any service may say besides.
[[nodiscard]] OrderedJson open311_attributes(Open311Interface const& interface);

// Of a case as its lists show it. What names, contacts and confidential words it holds is not among it.
[[nodiscard]] OrderedJson open311_request_line(Case const& subject, Open311Interface const& interface,
                                               Context const& context);
// A text field that is not masked; empty otherwise.
[[nodiscard]] std::string open311_text(Case const& subject, std::string const& field);

}  // namespace bihuan::routes
