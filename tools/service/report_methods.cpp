#include "tools/service/report_methods.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace service {
namespace {

using model::BranchId;
using model::BranchRefusal;
using model::BranchType;
using reports::Arguments;
using reports::Array;
using reports::Fault;
using reports::Method;
using reports::OrFault;
using reports::XmlrpcValue;

constexpr std::string_view type_words = "one of HOSTED, MIRRORED, IMPORTED, REMOTE";

std::int32_t code_of(BranchRefusal::Kind kind) noexcept {
    switch (kind) {
    case BranchRefusal::Kind::not_mirrored: return fault_not_mirrored;
    case BranchRefusal::Kind::not_started: return fault_not_started;
    case BranchRefusal::Kind::stale_attempt: return fault_stale_attempt;
    }
    return 0;
}

/// Whether there is such a branch, or why nothing was changed.
OrFault<XmlrpcValue> answer_of(const ReportedBranch& reported) {
    if (!reported) {
        return XmlrpcValue{false};
    }
    if (reported->has_error()) {
        const auto& refusal = reported->error();
        return Fault{code_of(refusal.kind), refusal.detail};
    }
    return XmlrpcValue{true};
}

/// Throws where XML-RPC cannot say the number: cut off it would be another branch's.
XmlrpcValue number_of(const model::Branch& branch) {
    const auto number = model::to_integer(branch.id);
    if (number > std::numeric_limits<std::int32_t>::max()) {
        throw std::range_error(fmt::format(
            "cannot tell branch {} in XML-RPC: its number has more than 32 bits", number));
    }
    return {static_cast<std::int32_t>(number)};
}

BranchId branch_argument(Arguments& arguments) {
    return BranchId{arguments.integer("branch")};
}

OrFault<XmlrpcValue> start_mirroring(const Reporter& reporter, Arguments& arguments) {
    const auto id = branch_argument(arguments);
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    return answer_of(report_start(reporter, id, "", std::nullopt));
}

OrFault<XmlrpcValue> mirror_complete(const Reporter& reporter, Arguments& arguments) {
    const auto id = branch_argument(arguments);
    const auto revision = arguments.text("revision");
    const auto attempt = arguments.text_if_any("attempt");
    if (const auto should_be = revision_fault(revision)) {
        arguments.refuse("revision", *should_be);
    }
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    return answer_of(report_complete(reporter, id, attempt, revision));
}

OrFault<XmlrpcValue> mirror_failed(const Reporter& reporter, Arguments& arguments) {
    const auto id = branch_argument(arguments);
    const auto reason = arguments.text("reason");
    const auto attempt = arguments.text_if_any("attempt");
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    return answer_of(report_failed(reporter, id, attempt, reason));
}

OrFault<XmlrpcValue> request_mirror(const Reporter& reporter, Arguments& arguments) {
    const auto id = branch_argument(arguments);
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    return answer_of(report_request(reporter, id));
}

OrFault<XmlrpcValue> acquire_branch(const Reporter& reporter, Arguments& arguments) {
    std::vector<BranchType> types;
    for (const auto& name : arguments.texts_if_any("types")) {
        if (const auto type = model::parse_branch_type(name)) {
            types.push_back(*type);
        } else {
            arguments.refuse("types", type_words);
        }
    }
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    const auto branch = acquire(reporter, types);
    if (!branch) {
        return XmlrpcValue{Array{}};
    }
    return XmlrpcValue{Array{number_of(*branch),
                             {branch->url},
                             {branch->name},
                             {std::string(to_string(branch->type))},
                             {branch->mirroring.attempt->token}}};
}

OrFault<XmlrpcValue> pull_queue(const Reporter& reporter, Arguments& arguments) {
    const auto type = model::parse_branch_type(arguments.text("type"));
    if (!type) {
        arguments.refuse("type", type_words);
    }
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    const std::array types{*type};
    Array queue;
    for (const auto& branch : reporter.store.due_branches(types, reporter.now, pull_queue_max)) {
        queue.push_back({Array{number_of(branch),
                               {branch.url},
                               {branch.name},
                               {std::string(to_string(branch.type))}}});
    }
    return XmlrpcValue{std::move(queue)};
}

OrFault<XmlrpcValue> record_success(const Reporter& reporter, Arguments& arguments) {
    model::ScriptActivity activity;
    activity.name = arguments.text("name");
    activity.host = arguments.text("hostname");
    activity.started = arguments.time("started");
    activity.completed = arguments.time("completed");
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    if (const auto fault = activity_fault(activity, reporter.now)) {
        return Fault{reports::fault_wrong_arguments, *fault + "."};
    }
    reporter.store.record_script(activity);
    return XmlrpcValue{true};
}

using Act = OrFault<XmlrpcValue> (*)(const Reporter&, Arguments&);

Method method(const Reporter& reporter, const char* name,
              std::vector<std::vector<std::string>> signatures, const char* help, Act act) {
    return {name, std::move(signatures), help,
            [&reporter, act](Arguments& arguments) { return act(reporter, arguments); }};
}

}  // namespace

std::vector<Method> branch_methods(const Reporter& reporter) {
    return {
        method(reporter, "startMirroring", {{"boolean", "int"}},
               "The mirroring of that branch begins now. False: there is no such branch.",
               start_mirroring),
        method(reporter, "mirrorComplete",
               {{"boolean", "int", "string"}, {"boolean", "int", "string", "string"}},
               "It ended well, at that revision; of the attempt, where one was given out. False: "
               "there is no such branch. Faults: 1 a REMOTE branch, 2 not started, 3 an attempt "
               "that is over.",
               mirror_complete),
        method(reporter, "mirrorFailed",
               {{"boolean", "int", "string"}, {"boolean", "int", "string", "string"}},
               "It failed, for that reason. As mirrorComplete.", mirror_failed),
        method(reporter, "requestMirror", {{"boolean", "int"}},
               "That branch is due now. False: there is no such branch.", request_mirror),
        method(reporter, "acquireBranchToPull", {{"array"}, {"array", "array"}},
               "Starts the branch that has been due for longest, of those types (default: "
               "MIRRORED, IMPORTED), for the caller alone: its number, URL, name, type, and the "
               "attempt, which the report of it should have. An empty array: none is due.",
               acquire_branch),
        method(reporter, "getBranchPullQueue", {{"array", "string"}},
               "The branches of that type that are due, the longest-due first: number, URL, name, "
               "type of each.",
               pull_queue),
    };
}

std::vector<Method> script_methods(const Reporter& reporter) {
    return {
        method(reporter, "recordSuccess",
               {{"boolean", "string", "string", "dateTime.iso8601", "dateTime.iso8601"},
                {"boolean", "string", "string", "array", "array"}},
               "The job of that name was successful on that host: when it started and completed, "
               "in UTC, as times or as the nine integers of a time tuple.",
               record_success),
    };
}

}  // namespace service
