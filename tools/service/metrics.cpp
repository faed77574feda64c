#include "tools/service/metrics.hpp"

#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <iterator>

namespace service {
namespace {

constexpr std::string_view openmetrics_type =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr std::string_view prometheus_type = "text/plain; version=0.0.4; charset=utf-8";

/// Of a label's value. Source: OpenMetrics 1.0, section 4.1.
std::string label_text(std::string_view text) {
    std::string escaped;
    for (const char c : model::one_line(text)) {
        if (c == '\\' || c == '"') {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped;
}

double seconds_of(model::Timestamp when) {
    return std::chrono::duration<double>(when.time_since_epoch()).count();
}

std::string labels_of(const MirrorFacts& facts) {
    const auto& mirror = facts.mirror.mirror;
    return fmt::format(R"(mirror="{}",distribution="{}",country="{}")", label_text(mirror.name),
                       label_text(mirror.distribution), label_text(mirror.country));
}

class Text {
public:
    void family(std::string_view name, std::string_view help) {
        name_ = name;
        fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} gauge\n", name, help,
                       name);
    }
    void sample(const std::string& labels, double value) {
        fmt::format_to(std::back_inserter(text_), "{}{}{}{} {}\n", name_, labels.empty() ? "" : "{",
                       labels, labels.empty() ? "" : "}", value);
    }
    std::string take() { return std::move(text_) + "# EOF\n"; }

private:
    std::string name_;
    std::string text_;
};

/// One family, with a sample for each mirror that has a value.
void add_family(Text& text, const World& world,
                std::pair<std::string_view, std::string_view> name_and_help,
                const std::function<std::optional<double>(const MirrorFacts&)>& value_of) {
    text.family(name_and_help.first, name_and_help.second);
    for (const auto& facts : world.mirrors) {
        if (const auto value = value_of(*facts)) {
            text.sample(labels_of(*facts), *value);
        }
    }
}

void add_probes(Text& text, const World& world) {
    add_family(text, world,
               {"mirrorwarden_mirror_last_probe_timestamp_seconds",
                "When the last probe of the mirror ended"},
               [](const MirrorFacts& facts) {
                   return facts.last_probe
                              ? std::optional{seconds_of(facts.last_probe->record.finished)}
                              : std::nullopt;
               });
    add_family(text, world,
               {"mirrorwarden_mirror_probe_duration_seconds", "How long that probe took"},
               [](const MirrorFacts& facts) -> std::optional<double> {
                   if (!facts.last_probe) {
                       return std::nullopt;
                   }
                   const auto& record = facts.last_probe->record;
                   return std::chrono::duration<double>(record.finished - record.started).count();
               });
    text.family("mirrorwarden_mirror_requests",
                "Requests of that probe, by how they ended: ok, timeout-connect");
    for (const auto& facts : world.mirrors) {
        if (facts->last_probe) {
            for (const auto& [outcome, count] : facts->last_probe->record.outcomes) {
                text.sample(
                    fmt::format("{},outcome=\"{}\"", labels_of(*facts), label_text(outcome)),
                    count);
            }
        }
    }
}

void add_states(Text& text, const World& world, model::Timestamp now) {
    add_family(text, world,
               {"mirrorwarden_mirror_enabled", "Whether the mirror passed its last probe: 1 or 0"},
               [](const MirrorFacts& facts) { return facts.mirror.state.enabled ? 1.0 : 0.0; });
    add_family(text, world,
               {"mirrorwarden_mirror_lag_seconds",
                "How far its worst suite is behind the primary archive"},
               [](const MirrorFacts& facts) -> std::optional<double> {
                   const auto lag = model::worst_lag(facts.observation);
                   return lag ? std::optional{static_cast<double>(lag->behind.count())}
                              : std::nullopt;
               });
    add_family(
        text, world,
        {"mirrorwarden_mirror_freshness",
         "1 is up to date, 7 a week behind, 8 not known; the worst of its rows"},
        [](const MirrorFacts& facts) { return static_cast<double>(facts.freshness.overall); });
    add_family(text, world,
               {"mirrorwarden_mirror_certificate_left_seconds",
                "How long its certificate is still valid; negative once it has expired"},
               [now](const MirrorFacts& facts) -> std::optional<double> {
                   const auto& certificate = facts.observation.certificate;
                   if (!certificate) {
                       return std::nullopt;
                   }
                   return seconds_of(certificate->not_after) - seconds_of(now);
               });
}

void add_scripts(Text& text, const World& world) {
    const auto labels = [](const model::ScriptActivity& run) {
        return fmt::format(R"(script="{}",host="{}")", label_text(run.name), label_text(run.host));
    };
    text.family("mirrorwarden_script_last_success_timestamp_seconds",
                "When the job last ended well on that host");
    for (const auto& run : world.scripts) {
        text.sample(labels(run), seconds_of(run.completed));
    }
    text.family("mirrorwarden_script_duration_seconds", "How long the job took then");
    for (const auto& run : world.scripts) {
        text.sample(labels(run),
                    std::chrono::duration<double>(run.completed - run.started).count());
    }
}

}  // namespace

Response metrics_response(const Request& request, const World& world, model::Timestamp now,
                          const std::vector<ProcessMetric>& process) {
    Text text;
    text.family("mirrorwarden_world_read_timestamp_seconds",
                "When what is shown was read from the database");
    text.sample({}, seconds_of(world.read_at));
    add_states(text, world, now);
    add_probes(text, world);
    add_scripts(text, world);
    for (const ProcessMetric& metric : process) {
        text.family(metric.name, metric.help);
        text.sample({}, metric.value);
    }
    const auto accept = field(request, "accept").value_or("");
    const bool is_newer = accept.find("application/openmetrics-text") != std::string_view::npos;
    return {.content_type = std::string{is_newer ? openmetrics_type : prometheus_type},
            .body = text.take(),
            .keeping = Keeping::nowhere};
}

Response metrics(const Request& request, const World& world, model::Timestamp now) {
    return metrics_response(request, world, now, {});
}

}  // namespace service
