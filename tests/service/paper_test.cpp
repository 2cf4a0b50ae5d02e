// SPDX-License-Identifier: Apache-2.0
#include "engine/service/paper.hpp"

#include <algorithm>

#include "tests/service/fixture.hpp"

using namespace bihuan;

namespace {

Result<PaperForm> form(std::string const& text) {
  return PaperForm::parse(text, "p{}");
}

// The faults with which a library of the shipped workflows refuses to load when its strike-off form reads this.
Refusals faults_with(std::string const& text) {
  TemporaryDirectory directory;
  auto const workflows = directory.path() / "workflows";
  std::filesystem::copy(shipped_workflows(), workflows, std::filesystem::copy_options::recursive);
  std::ofstream(workflows / "templates" / "strike-off-application.html") << text;
  auto const library = Library::load(workflows);
  return library ? Refusals() : library.error();
}

}  // namespace

TEST_CASE("a form that would print something unescaped, or is not closed, is refused") {
  for (auto const* const text :
       {"{{{fields.a}}}", "{{& fields.a}}", "{{> other}}", "{{=<% %>=}}", "{{#fields.a}}", "{{/fields.a}}",
        "{{#fields.a}}{{#fields.b}}{{/fields.a}}{{/fields.b}}", "{{}}", "{{fields.a"}) {
    CAPTURE(text);
    auto const parsed = form(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().front().code == Code::bad_format);
  }
}

TEST_CASE("a form fills sections only where there is something, and escapes what it fills") {
  auto const parsed = form(
      "<style>{{> style}}</style>{{#fields.a}}[{{fields.a}}]{{/fields.a}}"
      "{{^fields.b}}no b{{/fields.b}}{{#documents}}({{position}} {{kind}}){{/documents}}");
  REQUIRE(parsed);
  CHECK(parsed->fill(
            {.single = {{"fields.a", "<b>&\"'"}},
             .lists = {{"documents", {{{"position", "1"}, {"kind", "甲"}}, {{"position", "2"}, {"kind", "乙"}}}}}}) ==
        "<style>p{}</style>[&lt;b&gt;&amp;&quot;&apos;]no b(1 甲)(2 乙)");
  CHECK(parsed->fill({}) == "<style>p{}</style>no b");
  CHECK(parsed->needed_fields().empty());
  CHECK(form("{{fields.a}} {{#fields.b}}{{fields.c}}{{fields.b}}{{/fields.b}}")->needed_fields() ==
        std::vector<std::string>{"a", "c"});
}

TEST_CASE("a form that reads what its workflow does not have, or keeps from readers, stops the load and is named") {
  struct Wrong {
    std::string text;
    Code code;
    std::string pointer;
  };
  std::string const here = "inspection-issue.json#/documents/strike-off-application/template";
  std::vector<Wrong> const table{
      {"{{fields.no_such}}", Code::template_reads_unknown, here},
      {"{{problem}}", Code::template_reads_unknown, here},
      {"{{parties.police}}", Code::template_reads_unknown, here},
      {"{{#deadlines.custody}}x{{/deadlines.custody}}", Code::template_reads_unknown, here},
      {"{{kind}}", Code::template_reads_unknown, here},
      // Of a report, which this kind is not filled from, and a column of another list.
      {"{{report.opened}}", Code::template_reads_unknown, here},
      {"{{#overdue}}x{{/overdue}}", Code::template_reads_unknown, here},
      {"{{#documents}}{{days}}{{/documents}}", Code::template_reads_unknown, here},
      {"{{fields.reporter_contact}}", Code::template_reads_kept, here},
      {"{{#fields.suspected_offence}}x{{/fields.suspected_offence}}", Code::template_reads_kept, here},
      {"{{#case.number}}", Code::bad_format, "templates/strike-off-application.html#"},
  };
  for (auto const& wrong : table) {
    CAPTURE(wrong.text);
    auto const faults = faults_with(wrong.text);
    REQUIRE_FALSE(faults.empty());
    CHECK(faults.front().code == wrong.code);
    CHECK(faults.front().pointer == wrong.pointer);
  }
  CHECK(faults_with("{{fields.problem}} {{case.title}} {{parties.lead}} {{deadlines.rectify}}").empty());
}

TEST_CASE("a workflow that names a form which is not there stops the load") {
  TemporaryDirectory directory;
  auto const workflows = directory.path() / "workflows";
  std::filesystem::copy(shipped_workflows(), workflows, std::filesystem::copy_options::recursive);
  std::filesystem::remove(workflows / "templates" / "reminder.html");
  auto const library = Library::load(workflows);
  REQUIRE_FALSE(library.has_value());
  CHECK(library.error().front().code == Code::unknown_reference);
  CHECK(library.error().front().pointer == "supervision-matter.json#/documents/reminder-letter/template");
}

TEST_CASE("a personal value that somebody may not read is masked on the paper they look at") {
  Office office;
  auto const officer = person("officer", "seeb", {"handler"});
  Json const example = office.library.current("criminal-referral")->example;
  OpenCaseRequest request;
  request.workflow = "criminal-referral";
  request.fields = example.at("fields");
  request.fields["suspects"] = Json::array({"王某某"});
  if (example.contains("parties")) request.parties = example.at("parties");
  auto const opened = office.service.open(request, officer);
  REQUIRE(opened.has_value());
  auto const papers = papers_of(opened->subject, office.library, office.service.visibility(officer));
  REQUIRE_FALSE(papers.empty());
  REQUIRE(papers.front().kind->id == "transfer-letter");
  auto const page = [&](Actor const& actor, Showing showing) {
    auto const values =
        paper_values(office.service.shown(opened->subject, actor, showing), papers.front(), office.library,
                     {.unit = actor.unit, .person = actor.person}, *office.store, office.now);
    return papers.front().form->fill(values);
  };
  CHECK(page(officer, Showing::whole).find("王某某") != std::string::npos);
  auto const stranger = page(person("stranger", "water", {"handler"}), Showing::whole);
  CHECK(stranger.find("王某某") == std::string::npos);
  CHECK(stranger.find("***") != std::string::npos);
}

TEST_CASE("each of the eight forms is filled from its workflow's example, with its title in both languages") {
  struct Form {
    std::string what;
    char const* workflow;
    char const* kind;
    Actor opener;
    std::vector<std::string> says;
  };
  auto const officer = person("officer", "seeb", {"handler"});
  auto const office_clerk = person("clerk", "inspection-office", {"supervisor"});
  auto const inspector = person("inspector", "lijiatuo", {"inspector"});
  std::vector<Form> const table{
      {"letter of referral with its receipt",
       "criminal-referral",
       "transfer-letter",
       officer,
       {"接受案件回执", "张一鸣", "联系方式", "023-00000000",
        "移送涉嫌犯罪案件的书面报告 <span class=\"en\">Written report on the referral"}},
      {"list of materials",
       "criminal-referral",
       "archive-index",
       officer,
       {"材料名称", "移送涉嫌犯罪案件的书面报告 <span class=\"en\">Written report on the referral"}},
      {"rectification notice", "inspection-issue", "assignment-notice", inspector, {"雨水口有灰黑色污水外溢"}},
      {"supervision letter", "supervision-matter", "supervision-letter", office_clerk, {"区水利局", "整改逾期督办"}},
      {"reminder", "supervision-matter", "reminder-letter", office_clerk, {"区水利局", "整改逾期督办"}},
      {"application to strike off",
       "inspection-issue",
       "strike-off-application",
       inspector,
       {"雨水口有灰黑色污水外溢"}},
      {"reply to a complainant",
       "public-complaint",
       "answer-opinion",
       person("intake", "hotline-12345", {"intake_clerk"}),
       {"夜间喷漆"}},
      {"monthly circular", "monthly-circular", "circular", office_clerk, {"2026年1月"}},
  };
  for (auto const& entry : table) {
    CAPTURE(entry.what);
    Office office;
    auto const& definition = *office.library.current(entry.workflow);
    Json const example = definition.example;
    OpenCaseRequest request;
    request.workflow = entry.workflow;
    request.fields = example.at("fields");
    request.parties = example.at("parties");
    for (auto const& kind : definition.opening.requires_documents)
      request.documents[kind] = {
          office.store->attachments().put(kind, "application/pdf", entry.opener.person, source_of(kind)).sha256};
    auto const opened = office.service.open(request, entry.opener);
    REQUIRE_MESSAGE(opened.has_value(),
                    (opened ? "" : opened.error().front().pointer + opened.error().front().text.en));
    auto shown = opened->subject;
    if (definition.id == "criminal-referral") shown.documents["referral-report"].push_back({});
    auto const papers = papers_of(shown, office.library, Visibility::of_everything());
    auto const paper =
        std::ranges::find(papers, std::string(entry.kind), [](Paper const& one) { return one.kind->id; });
    REQUIRE(paper != papers.end());
    auto const page = paper->form->fill(paper_values(
        shown, *paper, office.library, {.unit = entry.opener.unit, .person = "张三"}, *office.store, office.now));
    CHECK(page.find(paper->kind->title.zh) != std::string::npos);
    CHECK(page.find(paper->kind->title.en) != std::string::npos);
    for (auto const& text : entry.says) {
      CAPTURE(text);
      CHECK(page.find(text) != std::string::npos);
    }
    CHECK(page.find("{{") == std::string::npos);
  }
}
