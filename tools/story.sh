# The main job over HTTP with curl and jq, to be sourced:  . tools/story.sh [URL] [DATA DIRECTORY]
# Gives sign_in, upload, open_case and act, and the two stories made of them. Works on the demonstration data.

BIHUAN_URL=${1:-http://127.0.0.1:8080}
BIHUAN_DATA=${2:-data}

# sign_in NAME: a token for a person of demo-people.json.
sign_in() {
  local password
  password=$(jq -r --arg name "$1" '.[] | select(.name == $name).password' "$BIHUAN_DATA/demo-people.json")
  jq -n --arg name "$1" --arg password "$password" '{$name, $password}' |
    curl -sf -H 'Content-Type: application/json' -d @- "$BIHUAN_URL/api/v1/session" | jq -r .token
}

# someone ROLE UNIT: the name of a person with that role in that unit.
someone() {
  jq -r --arg role "$1" --arg unit "$2" \
    'first(.[] | select(.unit == $unit and (.roles | index($role)))) | .name' "$BIHUAN_DATA/demo-people.json"
}

# upload TOKEN KIND TYPE: uploads a small paper of that kind; prints its hash.
upload() {
  printf '%s %s' "$2" "$(date +%s%N)" |
    curl -sf -H "Authorization: Bearer $1" -H "Content-Type: $3" -H "X-File-Name: $2" --data-binary @- \
      "$BIHUAN_URL/api/v1/attachments" | jq -r .sha256
}

# documents TOKEN KIND[=TYPE]...: uploads one of each; prints {"KIND": ["hash"]}.
documents() {
  local token=$1 all='{}' kind
  shift
  for kind in "$@"; do
    local type=application/pdf
    case "$kind" in *=*) type=${kind#*=}; kind=${kind%%=*} ;; esac
    all=$(jq -c --arg kind "$kind" --arg hash "$(upload "$token" "$kind" "$type")" '.[$kind] += [$hash]' <<<"$all")
  done
  printf '%s' "$all"
}

# open_case ROLE UNIT WORKFLOW FIELDS: prints the new case's id.
open_case() {
  local token
  token=$(sign_in "$(someone "$1" "$2")")
  jq -n --arg workflow "$3" --argjson fields "$4" '{$workflow, $fields}' |
    curl -s -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d @- "$BIHUAN_URL/api/v1/cases" |
    tee >(jq -r '"\(.number // "refused")  \(.state_title.zh // .detail)"' >&2) | jq -r .id
}

# act ROLE UNIT CASE ACTION INPUT [DOCUMENT[=TYPE]...]: one step, by somebody who may; prints where the case is then.
act() {
  local token revision body
  token=$(sign_in "$(someone "$1" "$2")")
  revision=$(curl -s -H "Authorization: Bearer $token" "$BIHUAN_URL/api/v1/cases/$3" | jq -r .revision)
  body=$(jq -n --argjson input "$5" --argjson documents "$(documents "$token" "${@:6}")" '{$input, $documents}')
  curl -s -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -H "If-Match: \"$revision\"" \
    -d "$body" "$BIHUAN_URL/api/v1/cases/$3/actions/$4" |
    jq -r --arg action "$4" '"\($action): \(.state_title.zh // "refused") \(.state_title.en // (.errors | tojson))"'
}

# day N: the date N days from now.
day() { date -d "$1 days" +%F; }

# 发现 → 报送 → 整改 → 销号
issue_story() {
  local id
  id=$(open_case inspector lijiatuo inspection-issue '{"problem": "雨水口冒黑水，有臭味"}')
  act dept_head lijiatuo "$id" report \
    '{"source": "routine-check", "category": "water", "level": "general", "place": {"name": "花溪河李家沱段"}}' issue-form
  act supervisor inspection-office "$id" dispatch \
    "{\"lead\": \"water\", \"rectify_by\": \"$(day 60)\", \"level\": \"general\"}" assignment-notice
  act handler water "$id" plan \
    "{\"plan_goal\": \"不再有污水排出\", \"plan_tasks\": [\"改造雨污混接点\"], \"plan_finish\": \"$(day 50)\"}" rectification-plan
  act supervisor inspection-office "$id" approve-plan '{}' plan-approval
  act dept_head water "$id" claim-done '{"tasks_done": true, "penalties": "decided"}' \
    completion-report evidence strike-off-application
  act supervisor inspection-office "$id" verify \
    '{"criterion_tasks": true, "criterion_penalties": true, "criterion_effect": true, "criterion_same_kind": true, "criterion_source": true}' \
    site-check-record acceptance-opinion
  # A public notice runs five working days before the issue is struck off. This one was found in a routine check and
  # never made public, so it may go without, by a reviewed decision with its reason.
  act supervisor inspection-office "$id" waive-notice \
    '{"notice_exemption": "never-published", "notice_exemption_reason": "日常检查发现，未列入对外公开的清单"}' exemption-review
  act supervisor inspection-office "$id" strike-off '{}' strike-off-filing archive-index
}

# 移送 → 立案 → 侦查 → 起诉 → 审判
referral_story() {
  local id
  id=$(open_case handler seeb criminal-referral \
    '{"case_title": "某厂涉嫌利用暗管排放电镀废水案", "offence": "pollution", "facts": "含铬废水经暗管排入外环境。", "case_officers": ["张一鸣", "刘思远"]}')
  act handler seeb "$id" submit-report '{}' referral-report
  act dept_head seeb "$id" approve '{}' approval-form
  act handler seeb "$id" transfer \
    "{\"handed_over_at\": \"$(date +%FT%T%:z)\", \"procuratorate_copied_on\": \"$(day 0)\", \"no_test_needed\": true}" \
    transfer-letter investigation-report inspection-records media-evidence
  act police_liaison police "$id" accept '{}' acceptance-receipt
  act police_liaison police "$id" file "{\"decided_on\": \"$(day 0)\"}" filing-decision
  act police_liaison police "$id" serve-filing "{\"served_on\": \"$(day 0)\"}" filing-notice
  act police_liaison police "$id" to-prosecution '{}' prosecution-opinion
  act procuratorate_liaison procurator "$id" indict '{"evidence_sufficient": true}' indictment
  # Received 25 days ago: the ten days of appeal are over, whichever rest days moved their end, so the judgment can take
  # effect at once.
  act court_liaison court "$id" judgment \
    "{\"judgment_received\": \"$(day -25)\", \"judgment_kind\": \"judgment\", \"verdict\": \"convicted\"}" first-judgment
  act court_liaison court "$id" effective '{}' effectiveness-proof
}

# overdue: who is late, since when, and by which rule; soonest due first.
overdue() {
  local token
  token=$(sign_in "$(someone supervisor inspection-office)")
  curl -s -H "Authorization: Bearer $token" "$BIHUAN_URL/api/v1/cases?light=red&limit=${1:-5}" |
    jq -r '.items[] | .number as $number | .deadlines[] | select(.light == "red") |
      "\($number)  \(.owner)  \(.title.zh)  \(.due)  \(.basis | map("\(.source) \(.article)") | join("; "))"'
}
