// SPDX-License-Identifier: Apache-2.0
#include "engine/service/service_requests.hpp"

#include "engine/core/message.hpp"
#include "engine/core/reader.hpp"

namespace bihuan {
namespace {

class Check {
 public:
  explicit Check(Definition const& definition) : definition_(definition) {}

  void field(std::string_view pointer, std::string const& name, std::vector<FieldType> const& types, bool told) {
    if (name.empty()) return;
    auto const* const found = definition_.find_field(name);
    bool const fits = found != nullptr && !found->list &&
                      (types.empty() || std::find(types.begin(), types.end(), found->type) != types.end()) &&
                      (!told || (!found->personal && found->shown_to.empty()));
    if (!fits)
      faults.push_back(
          refusal(Code::unknown_reference, std::string(pointer), {{"name", name}, {"kind", message("kind.field")}}));
  }

  Refusals faults;

 private:
  Definition const& definition_;
};

}  // namespace

Result<ServiceRequests> parse_service_requests(OrderedJson const& document) {
  Refusals faults;
  Reader reader(document, {}, faults);
  ServiceRequests requests;
  requests.workflow = reader.text("workflow");
  requests.jurisdiction = reader.text("jurisdiction");
  requests.contact = reader.bilingual("contact");
  requests.service = reader.text("service");
  requests.description = reader.text("description");
  requests.place = reader.text_or("place", "");
  requests.reporter = reader.text_or("reporter", "");
  requests.reporter_contact = reader.text_or("reporter_contact", "");
  requests.attributes = reader.texts("attributes");
  if (auto const* const defaults = reader.find("defaults")) requests.defaults = Json(*defaults);
  requests.withheld_where = reader.text_or("withheld_where", "");
  requests.notes = reader.text_or("notes", "");
  requests.agency = reader.text_or("agency", "");
  reader.finish();
  if (!faults.empty()) return refused(std::move(faults));
  return requests;
}

Refusals check_service_requests(ServiceRequests const& requests, Definition const* definition) {
  if (definition == nullptr) {
    return {refusal(Code::unknown_reference, "/workflow",
                    {{"name", requests.workflow}, {"kind", message("kind.workflow")}})};
  }
  Check check(*definition);
  check.field("/service", requests.service, {FieldType::choice}, true);
  check.field("/description", requests.description, {FieldType::text}, true);
  check.field("/place", requests.place, {FieldType::place}, true);
  check.field("/notes", requests.notes, {FieldType::text}, true);
  check.field("/reporter", requests.reporter, {FieldType::text}, false);
  check.field("/reporter_contact", requests.reporter_contact, {FieldType::text}, false);
  check.field("/withheld_where", requests.withheld_where, {FieldType::yes_no}, true);
  for (std::size_t place = 0; place < requests.attributes.size(); ++place) {
    check.field(pointer_to("/attributes", place), requests.attributes[place],
                {FieldType::text, FieldType::number, FieldType::money, FieldType::date, FieldType::instant,
                 FieldType::choice, FieldType::yes_no},
                false);
  }
  if (requests.defaults.is_object()) {
    for (auto const& [name, value] : requests.defaults.items())
      check.field(pointer_to("/defaults", name), name, {}, false);
  }
  if (!requests.agency.empty() && definition->find_party(requests.agency) == nullptr) {
    check.faults.push_back(
        refusal(Code::unknown_reference, "/agency", {{"name", requests.agency}, {"kind", message("kind.party")}}));
  }
  return std::move(check.faults);
}

}  // namespace bihuan
