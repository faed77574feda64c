#pragma once

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/reports/xmlrpc_codec.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/secrets.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// Where tests of reports go.
namespace service::testing {

/// A service with two branches and a mirror, and those who report to it.
class Office {
public:
    Office() : database_{storage::testing::make_database("sqlite")}, store{database_->open()} {
        storage::testing::load(*store, storage::testing::acceptance_catalog());
        world_ = read_world(*store, storage::testing::new_year, nullptr);
        add_branch("tree", model::BranchType::mirrored);
        add_branch("far", model::BranchType::remote);
        token = add_token(model::Scope::branch_report, "puller-1");
        routes_ =
            all_routes({.say_fault = [](std::string_view) {}, .lease = std::chrono::hours{1}});
    }

    std::string add_token(model::Scopes scopes, const std::string& holder) const {
        const auto secret = random_secret();
        const auto id = *store->add_token(
            {scopes, holder, hash_of(secret), storage::testing::new_year + std::chrono::hours{24}},
            storage::testing::foo);
        return model::format_token(id, secret);
    }

    Response send(const Request& request) {
        const auto match = find_route(routes_, request.method, request.path);
        REQUIRE(match.route != nullptr);
        Request whole = request;
        whole.captures = match.captures;
        return match.route->store(whole, *world_, *store, now);
    }

    Response post(const std::string& path, const nlohmann::json& body) {
        return send(request(path, "application/json", body.dump()));
    }

    Response call(const std::string& path, const std::string& method,
                  const reports::Array& parameters) {
        return send(request(path, "text/xml", reports::call_text({method, parameters})));
    }

    reports::OrFault<reports::XmlrpcValue> branch(const std::string& method,
                                                  const reports::Array& parameters) {
        return reports::parse_answer(call("/xmlrpc/branch", method, parameters).body);
    }

    /// Of a call that is answered with a value.
    reports::XmlrpcValue told(const std::string& method, const reports::Array& parameters) {
        const auto answer = branch(method, parameters);
        REQUIRE(answer.has_value());
        return *answer;
    }

    Request request(const std::string& path, const std::string& type,
                    const std::string& body) const {
        Request request;
        request.method = "POST";
        request.path = path;
        request.body = body;
        request.client_address = "192.0.2.7";
        request.client_key = "192.0.2.7";
        request.fields = {{"content-type", type}, {"authorization", "Bearer " + token}};
        return request;
    }

    model::Branch tree() const { return *store->branch("tree"); }

private:
    void add_branch(const std::string& name, model::BranchType type) const {
        REQUIRE(
            store->add_branch({.name = name, .url = "https://example.org/" + name, .type = type})
                .has_value());
    }

    std::unique_ptr<storage::testing::EmptyDatabase> database_;

public:
    std::unique_ptr<model::Store> store;
    std::string token;  // that is sent
    model::Timestamp now = storage::testing::new_year;

private:
    std::shared_ptr<const World> world_;
    std::vector<Route> routes_;
};

}  // namespace service::testing
