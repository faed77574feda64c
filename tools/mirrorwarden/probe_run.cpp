#include "prober/curl_client.hpp"
#include "prober/log_spool.hpp"
#include "tools/mirrorwarden/descriptors.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/expected_images.hpp"
#include "tools/mirrorwarden/job_run.hpp"
#include "tools/mirrorwarden/mail_delivery.hpp"
#include "tools/mirrorwarden/probe_client.hpp"
#include "tools/mirrorwarden/probe_options.hpp"
#include "tools/mirrorwarden/probe_report.hpp"
#include "tools/mirrorwarden/probe_session.hpp"
#include "tools/mirrorwarden/program_log.hpp"
#include "tools/mirrorwarden/serve_options.hpp"
#include "tools/mirrorwarden/version.hpp"
#include "tools/service/owner_links.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace mirrorwarden {
namespace {

MakeClient client_maker(const ProbeOptions& options) {
    return [&options](const boost::asio::any_io_executor& executor) {
        return make_probe_client(executor, options);
    };
}

ExpectImages image_reader(const ProbeOptions& options) {
    return [make_client = client_maker(options)](model::Distribution distribution) {
        return read_expected_images(std::move(distribution), make_client);
    };
}

double seconds(std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

std::string preamble(const ProbeOptions& options) {
    return fmt::format(
        "mirrorwarden {}: at most {} requests at once and {} to a host; {} s to connect, {} s in "
        "all",
        version, options.requests_max, options.requests_per_host_max,
        seconds(options.connect_timeout), seconds(options.timeout));
}

void warn_of_waiting_mail(model::Store& store, std::string_view why) {
    const auto entries = store.outbox(false);
    const auto waiting = std::ranges::count_if(entries, [](const model::OutboxEntry& entry) {
        return entry.state == model::DeliveryState::waiting;
    });
    if (waiting > 0) {
        log_warning(fmt::format("Mails waiting in the outbox: {}. {}", waiting, why));
    }
}

void tell_of_rsync(const ProbeWork& work, const ProbeOptions& options) {
    const bool has_daemons = std::ranges::any_of(work.tasks, [](const prober::MirrorTask& task) {
        return task.look && !task.look->rsync_url.empty();
    });
    prober::CurlSettings settings;
    settings.proxy = options.proxy;
    if (has_daemons && prober::is_proxy_configured(settings)) {
        log_info("Rsync daemons are not asked, because a proxy is configured.");
    }
}

void warn_of_unchecked_signatures(const std::map<std::string, ReleaseVerifier>& verifiers) {
    for (const auto& [distribution, verifier] : verifiers) {
        if (!verifier.trouble().empty()) {
            log_warning(fmt::format("Signatures of {} could not all be checked: {}.", distribution,
                                    verifier.trouble()));
        }
    }
}

/// After the commits: a decision stands whatever becomes of its mail.
void deliver(model::Store& store, const std::optional<prober::MailServer>& server) {
    if (!server) {
        warn_of_waiting_mail(store,
                             "No mail server is configured: name one as smtp_url in section "
                             "[mail] of the configuration.");
        return;
    }
    if (const auto delivery = deliver_mail(store, *server, prober::Round::of_due)) {
        if (const auto trouble = describe_trouble(*delivery); !trouble.empty()) {
            log_warning(trouble);
        }
    }
}

/// Says what a whole run would not have, and chooses the exit status.
int judge(const ProbeReport& report) {
    int status = exit_status::done;
    if (report.is_interrupted) {
        log_warning(
            "The run was ended by a signal; what was not probed to the end keeps its old "
            "results.");
        status = exit_status::could_not_run;
    }
    for (const auto& mirror : report.unfinished) {
        if (!mirror.is_wish) {
            status = exit_status::could_not_run;
        }
        if (!report.is_interrupted) {
            log_warning(fmt::format("{} keeps its old results: {}.", mirror.name, mirror.reason));
        }
    }
    for (const auto& name : report.undecided) {
        status = exit_status::could_not_run;
        log_warning(
            fmt::format("Nothing was decided for {}: whether its primary archive is "
                        "there could not be asked. Its mirrors are due again.",
                        name));
    }
    for (const auto& doubt : report.doubts) {
        status = exit_status::suspect;
        log_warning(fmt::format("Results for {} are suspect, and nothing was decided: {}.",
                                doubt.distribution, doubt.reason));
    }
    return status;
}

/// Links that are good from `when` on, for `site`; none where that is empty.
std::function<std::string(const std::string&)> owner_links(model::Store& store,
                                                           const std::string& site,
                                                           model::Timestamp when) {
    if (site.empty()) {
        return {};
    }
    const auto expires = std::chrono::floor<std::chrono::seconds>(when) + service::owner_link_life;
    return [&store, site, expires](const std::string& mirror) {
        const auto key = store.link_key(service::random_secret());
        return site + service::owner_path(key, {.mirror = mirror, .expires = expires});
    };
}

/// The run's line in the database, for who watches it from elsewhere.
class RunLine {
public:
    RunLine(model::Store& store, model::Timestamp started, std::size_t mirrors) : store_{store} {
        if (mirrors > 0) {
            id_ = store_.begin_run(host_name(), started, static_cast<std::uint32_t>(mirrors));
            told_ = started;
        }
    }

    /// Writes a second after the last time at the earliest.
    void tell(std::size_t stored) {
        const auto when = now();
        if (id_ && when - told_ >= telling_interval) {
            store_.run_goes_on(*id_, when, static_cast<std::uint32_t>(stored));
            told_ = when;
        }
    }

    void end(std::size_t stored, model::RunOutcome outcome) {
        if (id_) {
            store_.end_run(*id_, now(), static_cast<std::uint32_t>(stored), outcome);
        }
    }

private:
    static constexpr std::chrono::seconds telling_interval{1};

    model::Store& store_;
    std::optional<model::RunId> id_;
    model::Timestamp told_;
};

model::RunOutcome outcome_of(const ProbeReport& report) {
    if (report.is_interrupted) {
        return model::RunOutcome::interrupted;
    }
    if (!report.doubts.empty()) {
        return model::RunOutcome::suspect;
    }
    return report.unfinished.empty() && report.undecided.empty() ? model::RunOutcome::done
                                                                 : model::RunOutcome::unfinished;
}

DeepWish deep_wish(const ProbeOptions& options) {
    return {.is_wanted = options.deep, .chance = std::random_device{}()};
}

/// Each kind of run is a job of its own: one that is made by hand, or asks few, must not hide
/// that the daily one did not come.
std::string job_of(const model::ChooseOptions& choose) {
    if (!choose.names.empty()) {
        return "probe-mirror";
    }
    const std::string job = choose.only_requested ? "probe-requested" : "probe";
    return choose.content == model::Content::release ? job + "-release" : job;
}

/// Without a word of what is only asked every few minutes: cron would mail it.
bool may_probe(const Environment& environment, const model::ChooseOptions& choose) {
    const auto job = job_of(choose);
    return choose.only_requested ? job_permission(environment, job).is_enabled
                                 : may_run(environment, job);
}

/// With no more requests at once than there may be connections.
ProbeOptions within_descriptors(ProbeOptions options) {
    options.requests_max = allowed_connections(options.requests_max, "--max-parallel");
    make_room_for_connections(options.requests_max);
    return options;
}

int dry_run(model::Store& store, const ProbeOptions& options) {
    const auto work =
        plan_probe(store, options.choose, now(), image_reader(options), deep_wish(options));
    for (const auto& warning : work.warnings) {
        log_warning(warning);
    }
    print(options.json ? dry_run_json(work) : dry_run_text(work));
    return exit_status::done;
}

}  // namespace

int run_probe(Environment& environment, const ProbeOptions& wanted) {
    const auto site = public_site(environment.config().serve);
    if (wanted.dry_run) {
        return dry_run(*environment.open_store(storage::Opening::existing), wanted);
    }
    const auto store = environment.open_store();
    if (!may_probe(environment, wanted.choose)) {
        return exit_status::done;
    }
    const JobRun job(environment, job_of(wanted.choose), wanted.statsd);
    if (wanted.choose.only_requested && store->probe_requests(now()).empty()) {
        job.succeed(*store);
        return exit_status::done;
    }
    const auto lock = store->try_lock("probe");
    if (!lock && wanted.choose.only_requested) {
        return exit_status::locked;  // without a word: cron, which is back soon, would mail it
    }
    if (!lock) {
        complain("another `mirrorwarden probe` is running on this database; wait for it to end");
        return exit_status::locked;
    }
    const ProbeOptions options = within_descriptors(wanted);
    const auto mail_server = find_mail_server(environment.config().mail);
    const auto started = now();
    auto work =
        plan_probe(*store, options.choose, started, image_reader(options), deep_wish(options));
    if (options.choose.only_requested && work.mirrors.empty()) {
        job.succeed(*store);  // of the other content, or switched off meanwhile
        return exit_status::done;
    }
    log_info("Probing Distribution Mirrors");
    for (const auto& warning : work.warnings) {
        log_warning(warning);
    }
    tell_of_rsync(work, options);
    SessionOptions session{.requests_per_host_max = options.requests_per_host_max,
                           .preamble = preamble(options),
                           .spool_folder = prober::spool_folder(),
                           .decisions = {.notify_owners = options.notify_owners,
                                         .id_host = host_name(),
                                         .when = started,
                                         .owner_link = owner_links(*store, site, started)},
                           .clock = now};
    RunLine line(*store, started, work.mirrors.size());
    session.counted = [&line](std::size_t stored) { line.tell(stored); };
    const auto verifiers = work.verifiers;
    const auto report =
        probe_and_decide(*store, std::move(work), std::move(session), client_maker(options));
    line.end(report.mirrors.size(), outcome_of(report));
    warn_of_unchecked_signatures(verifiers);
    log_info(fmt::format("Probed {} mirror{}.", report.mirrors.size(),
                         report.mirrors.size() == 1 ? "" : "s"));
    const int status = judge(report);
    if (report.is_interrupted && mail_server) {
        warn_of_waiting_mail(*store, "The next run sends them, or `mirrorwarden outbox deliver`.");
    } else {
        deliver(*store, mail_server);
    }
    log_info("Done.");
    if (options.json) {
        print(report_json(report));
    } else if (options.report) {
        print(report_text(report, environment.screen()));
    }
    if (status == exit_status::done) {
        job.succeed(*store);
    }
    return status;
}

}  // namespace mirrorwarden
