#include "tools/service/change_body.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;
using Texts = std::vector<std::string>;

namespace {

Request json(const std::string& body) {
    Request request;
    request.fields = {{"content-type", "application/json; charset=utf-8"}};
    request.body = body;
    return request;
}

ChangeBody form(std::vector<std::pair<std::string, std::string>> fields,
                ChangeBody::Empty empty = ChangeBody::Empty::is_not_sent) {
    Request request;
    request.form = std::move(fields);
    return ChangeBody::from_form(request, empty);
}

bool says(const std::optional<Response>& fault, int status, const std::string& part) {
    return fault && fault->status == status && fault->body.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a change's fields are read from JSON", "[service][change_body]") {
    auto body = ChangeBody::from_json(json(
        R"({"a": "text", "b": true, "c": ["x", "y"], "d": null, "e": "2027-01-02T18:00:00Z"})"));

    CHECK(body.text("a") == "text");
    CHECK(body.flag("b") == true);
    CHECK(body.texts("c") == Texts{"x", "y"});
    CHECK(body.texts("a") == Texts{"text"});
    CHECK(body.is_null("d"));
    CHECK_FALSE(body.is_null("a"));
    CHECK(body.time("e") == model::parse_timestamp("2027-01-02T18:00:00Z"));
    CHECK(body.text("none") == std::nullopt);
    CHECK_FALSE(body.fault().has_value());
}

TEST_CASE("nothing sent is no field", "[service][change_body]") {
    CHECK_FALSE(ChangeBody::from_json(Request{}).fault().has_value());
    CHECK_FALSE(ChangeBody::from_json(json("")).fault().has_value());
}

TEST_CASE("what is no object of fields is refused", "[service][change_body]") {
    const std::string body =
        GENERATE(as<std::string>(), "{", "[]", "7", "null", "\"a\"", R"({"a": {"b": {"c": 1}}})",
                 "{} {}", "{\"a\": \"\xff\"}", R"({"a": [[["deep"]]]})", "{'a': 1}", "{\"a\": 1,}");
    INFO(body);

    CHECK(says(ChangeBody::from_json(json(body)).fault(), 400, "no JSON object"));
}

TEST_CASE("a change of another type is refused", "[service][change_body]") {
    for (const char* type : {"application/x-www-form-urlencoded", "text/plain", ""}) {
        auto request = json("{}");
        request.fields = {{"content-type", type}};
        CHECK(says(ChangeBody::from_json(request).fault(), 415, "application/json"));
    }
}

TEST_CASE("a field of the wrong kind, and one that nobody asked for, is named",
          "[service][change_body]") {
    auto wrong = ChangeBody::from_json(json(R"({"a": 7, "b": "yes", "c": [7], "d": null})"));
    const auto read = GENERATE(0, 1, 2, 3);

    if (read == 0) {
        CHECK(wrong.text("a") == std::nullopt);
        CHECK(says(wrong.fault(), 422, "\\\"a\\\" should be one text"));
    } else if (read == 1) {
        CHECK(wrong.flag("b") == std::nullopt);
        CHECK(says(wrong.fault(), 422, "\\\"b\\\" should be true or false"));
    } else if (read == 2) {
        CHECK(wrong.texts("c").empty());
        CHECK(says(wrong.fault(), 422, "\\\"c\\\" should be a list"));
    } else {
        CHECK(wrong.text("d") == std::nullopt);
        CHECK(says(wrong.fault(), 422, "\\\"d\\\" should be one text"));
    }
    auto unknown = ChangeBody::from_json(json(R"({"reason": "x", "notify": true})"));
    unknown.text("reason");
    CHECK(says(unknown.fault(), 422, "There is no field \\\"notify\\\" here; there are reason."));
}

TEST_CASE("a form says the same in text", "[service][change_body]") {
    auto body = form({{"csrf", "key"},
                      {"next", "/"},
                      {"a", "text"},
                      {"b", "false"},
                      {"c", "x"},
                      {"c", "y"},
                      {"empty", ""},
                      {"until", "2027-01-02T18:00"}});

    CHECK(body.text("a") == "text");
    CHECK(body.flag("b") == false);
    CHECK(body.texts("c") == Texts{"x", "y"});
    CHECK(body.text("empty") == std::nullopt);
    CHECK(body.time("until") == model::parse_timestamp("2027-01-02T18:00:00Z"));
    CHECK_FALSE(body.fault().has_value());
    CHECK(form({{"empty", ""}}, ChangeBody::Empty::is_empty).text("empty") == "");
    auto twice = form({{"a", "1"}, {"a", "2"}});
    CHECK(twice.text("a") == std::nullopt);
    CHECK(says(twice.fault(), 422, "one text"));
}
