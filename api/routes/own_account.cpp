// SPDX-License-Identifier: Apache-2.0
#include "api/routes/answer.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/identity.hpp"
#include "api/routes/locked.hpp"
#include "api/routes/record.hpp"
#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan::routes {
namespace {

constexpr std::size_t password_limit = 1500;  // bytes: 256 characters of any script, and room to be told why not

// The named texts of the body, or what is wrong with them.
Step<std::vector<std::string>> read_texts(Request const& request, std::initializer_list<std::string_view> names) {
  auto const body = read_body(request);
  if (!body) return tl::make_unexpected(body.error());
  Refusals faults;
  Reader reader(*body, {}, faults);
  std::vector<std::string> texts;
  for (auto const name : names) {
    texts.push_back(reader.text(name));
    if (auto fault = check_text(texts.back(), password_limit, pointer_to("", name)))
      faults.push_back(std::move(*fault));
  }
  reader.finish();
  if (!faults.empty()) return tl::make_unexpected(problem_as(422, faults, request));
  return texts;
}

// A session left open is not enough to take an account over: whoever changes how it is entered shows the
// password.
template <class Work>
Response with_password(Request const& request, Context& context, std::string const& password,
                       std::string const& pointer, Work const& work) {
  auto const& person = caller_of(request).person;
  auto attempt = context.sign_in.begin(person.name, request.remote_address);
  if (!attempt) return locked_problem(attempt.error(), request);
  auto answer = context.passwords.call([&]() -> Response {
    if (context.sign_in.confirm(*attempt, person, password)) return work();
    return problem_as(422, {refusal(Code::wrong_credentials, pointer)}, request);
  });
  return answer ? std::move(*answer) : http::busy_problem(request);
}

// The same for who has no password here but one of the place's directory.
template <class Work>
Response with_directory_password(Request const& request, Context& context, std::string const& password,
                                 std::string const& pointer, Work const& work) {
  auto const& person = caller_of(request).person;
  auto attempt = context.sign_in.begin(person.name, request.remote_address);
  if (!attempt) return locked_problem(attempt.error(), request);
  auto const confirmed = person_by_directory({.name = person.name, .password = password}, request, context);
  if (confirmed && confirmed->id == person.id) {
    attempt->succeed(context.cases.now());
    return work();
  }
  attempt->fail(context.cases.now());
  if (!confirmed && confirmed.error().front().code != Code::wrong_credentials)
    return http::problem(confirmed.error(), request);
  return problem_as(422, {refusal(Code::wrong_credentials, pointer)}, request);
}

// What authenticators read, as a link or as a picture (the key URI format that they share).
std::string key_uri(Person const& person, std::string const& secret) {
  return "otpauth://totp/Bihuan:" + percent_encoded(person.name) + "?secret=" + secret +
         "&issuer=Bihuan&algorithm=SHA1&digits=6&period=30";
}

}  // namespace

Response change_own_password(Request& request, Context& context) {
  auto const texts = read_texts(request, {"old", "new"});
  if (!texts) return texts.error();
  auto const& caller = caller_of(request);
  return with_password(request, context, texts->at(0), "/old", [&]() -> Response {
    if (auto unrecorded = put_on_record(request, context, "own_password", {{"person", caller.person.id}}))
      return std::move(*unrecorded);
    auto const changed = context.accounts.change_own_password(caller.person, texts->at(0), texts->at(1), caller.token);
    if (!changed) return http::problem(changed.error(), request);
    return {.status = 204};
  });
}

Response enrol_second_factor(Request& request, Context& context) {
  auto const texts = read_texts(request, {"password"});
  if (!texts) return texts.error();
  auto const& person = caller_of(request).person;
  auto const enrol = [&]() -> Response {
    if (auto unrecorded = put_on_record(request, context, "second_factor_begun", {{"person", person.id}}))
      return std::move(*unrecorded);
    auto const secret = context.accounts.enrol_second_factor(person);
    if (!secret) return http::problem(secret.error(), request);
    auto response = json_answer(201, {{"secret", *secret}, {"uri", key_uri(person, *secret)}});
    response.headers.set("Cache-Control", "no-store");
    return response;
  };
  bool const elsewhere = person.password_hash.empty() && has_directory(context);
  return elsewhere ? with_directory_password(request, context, texts->at(0), "/password", enrol)
                   : with_password(request, context, texts->at(0), "/password", enrol);
}

Response confirm_second_factor(Request& request, Context& context) {
  auto const texts = read_texts(request, {"code"});
  if (!texts) return texts.error();
  auto const& person = caller_of(request).person;
  // Guessing the code is bounded like guessing a password.
  auto attempt = context.sign_in.begin(person.name, request.remote_address);
  if (!attempt) return locked_problem(attempt.error(), request);
  auto const confirmed = context.accounts.confirm_second_factor(person, texts->at(0));
  if (!confirmed) {
    if (confirmed.error().front().code == Code::wrong_code) attempt->fail(context.cases.now());
    return problem_as(http::status_of(confirmed.error().front().code), confirmed.error(), request);
  }
  if (auto unrecorded = put_on_record(request, context, "second_factor", {{"person", caller_of(request).person.id}}))
    return std::move(*unrecorded);
  return {.status = 204};
}

}  // namespace bihuan::routes
