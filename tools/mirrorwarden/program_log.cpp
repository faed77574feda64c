#include "tools/mirrorwarden/program_log.hpp"

#include <memory>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <string>

namespace mirrorwarden {
namespace {

/// Level names in capitals, in a column of 8: spdlog's own are "info" and "warning".
class LevelColumn final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& line) override {
        const std::string_view name = message.level == spdlog::level::warn  ? "WARNING "
                                      : message.level >= spdlog::level::err ? "ERROR   "
                                                                            : "INFO    ";
        line.append(name.data(), name.data() + name.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<LevelColumn>();
    }
};

spdlog::logger make_logger() {
    spdlog::logger logger("mirrorwarden", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<LevelColumn>('*').set_pattern("%*%v");
    logger.set_formatter(std::move(formatter));
    logger.flush_on(spdlog::level::info);
    return logger;
}

spdlog::logger& logger() {
    static spdlog::logger program_logger = make_logger();
    return program_logger;
}

}  // namespace

void log_info(std::string_view text) {
    logger().info("{}", text);
}

void log_warning(std::string_view text) {
    logger().warn("{}", text);
}

}  // namespace mirrorwarden
