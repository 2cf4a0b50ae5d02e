// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include "engine/core/definition.hpp"
#include "engine/core/event.hpp"
#include "engine/core/organisation.hpp"

// A small workflow that has one of everything, for tests that need a definition of their own.
namespace bihuan::sample {

inline OrderedJson document() {
  return OrderedJson::parse(R"json({
    "id": "sample", "version": "1", "number_prefix": "SM", "calendar": "cn",
    "title": {"zh": "样例", "en": "Sample"},
    "basis": [{"id": "law", "source": "某法", "article": "5", "verified": true}],
    "fields": {
      "problem": {"type": "text", "title": {"zh": "问题", "en": "Problem"}, "max_length": 50},
      "level": {"type": "choice", "title": {"zh": "等级", "en": "Level"},
                "choices": {"plain": {"zh": "一般", "en": "Plain"}, "grave": {"zh": "重大", "en": "Grave"}}},
      "rectify_by": {"type": "date", "title": {"zh": "整改期限", "en": "Rectify by"}},
      "found_at": {"type": "instant", "title": {"zh": "发现时间", "en": "Found at"}},
      "fine": {"type": "money", "title": {"zh": "罚款", "en": "Fine"}},
      "size": {"type": "number", "title": {"zh": "数量", "en": "Size"}, "min": 1, "max": 9},
      "urgent": {"type": "yes_no", "title": {"zh": "紧急", "en": "Urgent"}},
      "place": {"type": "place", "title": {"zh": "地点", "en": "Place"}},
      "tags": {"type": "text", "list": true, "title": {"zh": "标签", "en": "Tags"}},
      "where_to": {"type": "unit", "title": {"zh": "去向", "en": "Where to"}},
      "contact": {"type": "text", "personal": true, "title": {"zh": "联系人", "en": "Contact"}}
    },
    "documents": {
      "photo": {"title": {"zh": "照片", "en": "Photo"}, "accept": ["image/*"]},
      "plan": {"title": {"zh": "方案", "en": "Plan"}}
    },
    "parties": {
      "reporter": {"title": {"zh": "报送单位", "en": "Reporter"}, "required": true, "default": "opener"},
      "office": {"title": {"zh": "督察办", "en": "Office"}, "required": true, "default": {"unit_kind": "supervision"}},
      "lead": {"title": {"zh": "牵头单位", "en": "Lead"}, "unit_kinds": ["administrative", "township"]},
      "helpers": {"title": {"zh": "配合单位", "en": "Helpers"}, "many": true},
      "verifier": {"title": {"zh": "核查单位", "en": "Verifier"}, "distinct_from": ["lead"]}
    },
    "readers": [{"role": "supervisor"}],
    "guards": {
      "has-photo": {"rule": {">": [{"var": "documents.photo.count"}, 0]},
                    "else": {"zh": "请至少上传一张照片。", "en": "Attach a photo."}, "basis": ["law"]},
      "fine-known": {"rule": {">=": [{"var": "case.fields.fine"}, 0]},
                     "else": {"zh": "请先填写罚款。", "en": "Fill in the fine first."}},
      "short": {"rule": {"or": [{"in": ["district_leader", {"var": "actor.roles"}]}, {"<=": [{"var": "input.days"}, 10]}]},
                "else": {"zh": "超过十日须由区领导批准。", "en": "More than ten days need a district leader."}}
    },
    "opening": {"by": [{"role": "inspector"}],
                "input": {"required": ["problem"], "optional": ["level", "found_at", "fine", "size", "urgent", "place", "tags", "contact", "where_to"]},
                "optional_documents": ["photo"]},
    "case_title": "problem",
    "initial": "found",
    "states": {
      "found": {"title": {"zh": "已发现", "en": "Found"}, "owner": "reporter"},
      "working": {"title": {"zh": "整改中", "en": "Working"}, "owner": "lead"},
      "halted": {"title": {"zh": "已中止", "en": "Halted"}, "owner": "office", "pauses": ["rectify"]},
      "claimed": {"title": {"zh": "待核查", "en": "Claimed"}, "owner": "verifier"},
      "closed": {"title": {"zh": "已销号", "en": "Closed"}, "final": true, "outcome": "rectified"},
      "lapsed": {"title": {"zh": "已失效", "en": "Lapsed"}, "final": true}
    },
    "transitions": {
      "assign-lead": {"title": {"zh": "交办", "en": "Assign"}, "from": ["found"], "to": "working",
        "by": [{"party": "office", "role": "supervisor"}],
        "input": {"required": ["lead", "rectify_by"], "optional": ["helpers", "level"]},
        "guards": ["has-photo"], "effects": [{"notify": ["lead"]}], "basis": ["law"]},
      "halt": {"title": {"zh": "中止", "en": "Halt"}, "from": ["working"], "to": "halted",
        "by": [{"party": "office", "role": "supervisor"}], "reason_required": true},
      "go-on": {"title": {"zh": "恢复", "en": "Go on"}, "from": ["halted"], "to": "working",
        "by": [{"party": "office", "role": "supervisor"}]},
      "claim": {"title": {"zh": "申请核查", "en": "Claim"}, "from": ["working"], "to": "claimed",
        "by": [{"party": "lead", "role": "handler"}], "input": {"required": [], "optional": ["verifier", "fine"]},
        "requires_documents": ["plan"], "guards": ["fine-known"], "effects": [{"assign": {"party": "verifier", "to": {"party": "office"}}}]},
      "send-back": {"title": {"zh": "退回", "en": "Send back"}, "from": ["claimed"], "to": "working",
        "by": [{"party": "verifier"}], "reason_required": true},
      "close": {"title": {"zh": "销号", "en": "Close"}, "from": ["claimed"], "to": "closed",
        "by": [{"party": "verifier", "role": "supervisor"}], "basis": ["law"]},
      "press-fine": {"title": {"zh": "催缴", "en": "Press"}, "from": ["working"],
        "by": [{"role": "supervisor"}], "when": {">": [{"var": "case.fields.fine"}, 0]},
        "effects": [{"set": {"urgent": true}}]},
      "lapse": {"from": ["found"], "to": "lapsed", "trigger": "deadline", "deadline": "triage"}
    },
    "deadlines": {
      "triage": {"title": {"zh": "交办期限", "en": "Triage"}, "owner": "office", "start": {"on": ["open"]},
        "stop": {"on": ["assign-lead"]}, "within": {"count": 5, "unit": "working_day"}, "basis": ["law"], "verified": true,
        "escalations": [{"id": "remind", "at": {"before": {"count": 1, "unit": "working_day"}}, "effects": [{"notify": ["office"]}]}]},
      "rectify": {"title": {"zh": "整改期限", "en": "Rectify"}, "owner": "lead", "start": {"on": ["assign-lead", "send-back"]},
        "stop": {"on": ["claim"]}, "on_reentry": "keep_running",
        "within": [{"when": {"==": [{"var": "case.fields.level"}, "grave"]}, "period": {"count": 3, "unit": "working_day"}},
                   {"period": {"field": "rectify_by"}}],
        "hard_limit": {"period": {"count": 60, "unit": "day"}, "basis": ["law"]},
        "extension": {"by": [{"role": "supervisor"}, {"role": "district_leader"}], "times": 2, "reason_required": true,
                      "guards": ["short"], "most": {"count": 30, "unit": "day"}},
        "by_hand": {"by": [{"role": "supervisor"}], "reason_required": true},
        "escalations": [{"id": "press", "at": {"after": {"count": 1, "unit": "working_day"}}, "effects": [{"notify": ["lead"]}]}]}
    },
    "actions": {"correct": {"by": [{"role": "supervisor"}]}, "link": {"by": [{"role": "supervisor"}]},
                "assign": {"by": [{"role": "supervisor"}]}},
    "example": {"fields": {"problem": "样例"}, "parties": {}}
  })json");
}

inline Organisation organisation() {
  return *Organisation::parse(OrderedJson::parse(R"json({
    "district": {"code": "BN", "title": {"zh": "巴南区", "en": "Banan"}},
    "units": [
      {"id": "district", "title": {"zh": "区政府", "en": "District"}, "kind": "leadership"},
      {"id": "office", "title": {"zh": "督察办", "en": "Office"}, "kind": "supervision", "parent": "district"},
      {"id": "water", "title": {"zh": "水利局", "en": "Water"}, "kind": "administrative", "parent": "district"},
      {"id": "agri", "title": {"zh": "农委", "en": "Agriculture"}, "kind": "administrative", "parent": "district"},
      {"id": "town", "title": {"zh": "某镇", "en": "Town"}, "kind": "township", "parent": "district"},
      {"id": "police", "title": {"zh": "公安", "en": "Police"}, "kind": "police", "parent": "district"}
    ]})json"));
}

inline Calendar calendar() {
  auto const text = OrderedJson::parse(R"json({
    "id": "cn", "title": {"zh": "日历", "en": "Calendar"}, "zone": "Asia/Shanghai",
    "fixed_days": [{"month": 10, "day": 1, "title": {"zh": "国庆节", "en": "National Day"}}],
    "years": {"2026": {"notice": {"title": {"zh": "通知", "en": "Notice"}, "url": ""},
      "days_off": [{"date": "2026-10-01", "title": {"zh": "国庆节", "en": "National Day"}},
                   {"date": "2026-10-02", "title": {"zh": "国庆节", "en": "National Day"}}],
      "working_days": [{"date": "2026-10-10", "title": {"zh": "调休", "en": "Make-up"}}]}}})json");
  auto parsed = Calendar::parse(text);
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

inline Definition definition() {
  auto parsed = parse_definition(document());
  if (!parsed) {
    for (auto const& fault : parsed.error()) MESSAGE(fault.pointer << " " << fault.text.en);
  }
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

inline Instant at(std::string_view text) {
  return *parse_instant(text);
}

inline Actor person(std::string name, std::string unit, std::vector<std::string> roles) {
  return {std::move(name), std::move(unit), std::move(roles), false};
}
inline Actor inspector() {
  return person("in", "town", {"inspector"});
}
inline Actor supervisor() {
  return person("su", "office", {"supervisor"});
}
inline Actor handler() {
  return person("ha", "water", {"handler"});
}

}  // namespace bihuan::sample
