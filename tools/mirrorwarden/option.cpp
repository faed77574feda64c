#include "tools/mirrorwarden/option.hpp"

#include <CLI/App.hpp>
#include <utility>

namespace mirrorwarden {

Option& Option::required() {
    option_->required();
    return *this;
}

Option& Option::type_name(const std::string& name) {
    option_->type_name(name);
    return *this;
}

Option& Option::option_text(const std::string& text) {
    option_->option_text(text);
    return *this;
}

Option& Option::envname(const std::string& name) {
    option_->envname(name);
    return *this;
}

Option& Option::expected(int least, int most) {
    option_->expected(least, most);
    return *this;
}

Option& Option::allow_extra_args(bool allowed) {
    option_->allow_extra_args(allowed);
    return *this;
}

Option& Option::take_all() {
    option_->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return *this;
}

Option add_option(CLI::App& command, const std::string& name, std::string& target,
                  const std::string& description) {
    return Option(*command.add_option(name, target, description));
}

Option add_option(CLI::App& command, const std::string& name, std::optional<std::string>& target,
                  const std::string& description) {
    return Option(*command.add_option(name, target, description));
}

Option add_option(CLI::App& command, const std::string& name, std::vector<std::string>& target,
                  const std::string& description) {
    return Option(*command.add_option(name, target, description));
}

Option add_option_function(CLI::App& command, const std::string& name,
                           const std::function<void(const std::string&)>& read,
                           const std::string& description) {
    return Option(*command.add_option_function<std::string>(name, read, description));
}

Option add_options_function(CLI::App& command, const std::string& name,
                            const std::function<void(const std::vector<std::string>&)>& read,
                            const std::string& description) {
    return Option(*command.add_option_function<std::vector<std::string>>(name, read, description));
}

Option add_flag(CLI::App& command, const std::string& name, bool& target,
                const std::string& description) {
    return Option(*command.add_flag(name, target, description));
}

Option add_flag_function(CLI::App& command, const std::string& name,
                         std::function<void(std::int64_t)> read, const std::string& description) {
    return Option(*command.add_flag_function(name, std::move(read), description));
}

void hide(CLI::App& command) {
    command.group("");
}

void refuse_value(const std::string& name, const std::string& why) {
    throw CLI::ValidationError(name, why);
}

}  // namespace mirrorwarden
