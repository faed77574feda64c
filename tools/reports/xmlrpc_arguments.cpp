#include "tools/reports/xmlrpc_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace reports {
namespace {

using model::Timestamp;

/// Of `time.struct_time`: year, month, day, hour, minute, second, and three that follow from them.
constexpr std::size_t time_tuple_size = 9;

std::optional<std::string> text_of(const XmlrpcValue& value) {
    if (const auto* const text = std::get_if<std::string>(&value.value)) {
        return *text;
    }
    if (const auto* const bytes = std::get_if<Bytes>(&value.value)) {
        return bytes->bytes;
    }
    return std::nullopt;
}

bool is_nil(const XmlrpcValue& value) noexcept {
    return std::holds_alternative<Nil>(value.value);
}

std::optional<Timestamp> time_of_tuple(const Array& tuple) {
    std::array<std::int32_t, time_tuple_size> numbers{};
    if (tuple.size() != numbers.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto* const number = std::get_if<std::int32_t>(&tuple[i].value);
        if (number == nullptr) {
            return std::nullopt;
        }
        numbers[i] = *number;
    }
    const auto is_within = [](std::int32_t number, std::int32_t least, std::int32_t most) {
        return number >= least && number <= most;
    };
    const auto [year, month, day, hour, minute, second, weekday, day_of_year, is_summer] = numbers;
    if (!is_within(year, 1970, 9999) || !is_within(month, 1, 12) || !is_within(day, 1, 31) ||
        !is_within(hour, 0, 23) || !is_within(minute, 0, 59) || !is_within(second, 0, 59) ||
        !is_within(weekday, 0, 6) || !is_within(day_of_year, 1, 366) ||
        !is_within(is_summer, -1, 1)) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return Timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute} + std::chrono::seconds{second};
}

}  // namespace

const XmlrpcValue* Arguments::next() {
    return read_ < values_.size() ? &values_[read_++] : nullptr;
}

const XmlrpcValue* Arguments::needed(std::string_view name) {
    const auto* const value = next();
    if (value == nullptr && !fault_) {
        fault_ = Fault{fault_wrong_arguments, fmt::format("The argument {} is missing.", name)};
    }
    return value;
}

std::int32_t Arguments::integer(std::string_view name) {
    const auto* const value = needed(name);
    if (value == nullptr) {
        return 0;
    }
    if (const auto* const number = std::get_if<std::int32_t>(&value->value)) {
        return *number;
    }
    refuse(name, "an int");
    return 0;
}

std::string Arguments::text(std::string_view name) {
    const auto* const value = needed(name);
    if (value == nullptr) {
        return {};
    }
    if (auto text = text_of(*value)) {
        return std::move(*text);
    }
    refuse(name, "a string");
    return {};
}

std::string Arguments::text_if_any(std::string_view name) {
    const auto* const value = next();
    if (value == nullptr || is_nil(*value)) {
        return {};
    }
    if (auto text = text_of(*value)) {
        return std::move(*text);
    }
    refuse(name, "a string, or left out");
    return {};
}

std::vector<std::string> Arguments::texts_if_any(std::string_view name) {
    const auto* const value = next();
    if (value == nullptr || is_nil(*value)) {
        return {};
    }
    const auto* const array = std::get_if<Array>(&value->value);
    std::vector<std::string> texts;
    if (array != nullptr) {
        for (const auto& item : *array) {
            if (const auto* const text = std::get_if<std::string>(&item.value)) {
                texts.push_back(*text);
            }
        }
    }
    if (array == nullptr || texts.size() != array->size()) {
        refuse(name, "an array of strings, or left out");
    }
    return texts;
}

Timestamp Arguments::time(std::string_view name) {
    const auto* const value = needed(name);
    if (value == nullptr) {
        return {};
    }
    if (const auto* const moment = std::get_if<Timestamp>(&value->value)) {
        return *moment;
    }
    const auto* const tuple = std::get_if<Array>(&value->value);
    const auto moment = tuple == nullptr ? std::nullopt : time_of_tuple(*tuple);
    if (!moment) {
        refuse(name, "a dateTime.iso8601, or the nine integers of a time tuple, in UTC");
    }
    return moment.value_or(Timestamp{});
}

XmlrpcValue Arguments::value(std::string_view name) {
    const auto* const value = needed(name);
    return value == nullptr ? XmlrpcValue{} : *value;
}

void Arguments::refuse(std::string_view name, std::string_view what) {
    if (!fault_) {
        fault_ =
            Fault{fault_wrong_arguments, fmt::format("The argument {} should be {}.", name, what)};
    }
}

std::optional<Fault> Arguments::fault() const {
    if (!fault_ && read_ < values_.size()) {
        return Fault{fault_wrong_arguments, fmt::format("There are {} arguments, and the method "
                                                        "has {}.",
                                                        values_.size(), read_)};
    }
    return fault_;
}

}  // namespace reports
