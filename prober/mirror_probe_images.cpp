#include "model/checksum_file.hpp"
#include "model/text_rules.hpp"
#include "prober/answer_text.hpp"
#include "prober/mirror_probe.hpp"

#include <fmt/format.h>

#include <algorithm>

/// The part of a probe that is about CD images.
namespace prober {
namespace {

constexpr auto image_found = static_cast<std::uint8_t>(model::Freshness::unknown);

}  // namespace

void MirrorProbe::record_image(Target target, std::string_view url, const Answer& answer,
                               model::Timestamp now) {
    if (look_) {
        look_->file_answered(answer);
    }
    if (!answer.outcome.is_ok()) {
        log(url, answer,
            fmt::format("image missing: {}{}", reason_missing(answer, model::Content::release),
                        detail_in_brackets(answer)),
            now);
        return;
    }
    const auto size = task_.plan->expected_size(target);
    if (size && answer.content_length != size) {
        log(url, answer,
            answer.content_length
                ? fmt::format("image of another size: {} bytes, not {}", *answer.content_length,
                              *size)
                : fmt::format("image of another size: the server does not say how large it is; "
                              "it should be {} bytes",
                              *size),
            now);
        return;
    }
    found_.set(target, image_found);
    log(url, answer, "image found", now);
}

/// An image of a known size, or a file of checksums: no host has it that only says so.
bool MirrorProbe::is_compared(Target target) const {
    return task_.plan->content() == model::Content::release &&
           (task_.plan->expected_size(target) || is_sums(target));
}

void MirrorProbe::record_sums(Target target, std::string_view url, const GetAnswer& answer,
                              std::string_view text, model::Timestamp now) {
    count(answer, "image");
    if (abandon_if_inconclusive(url, answer, now)) {
        return;
    }
    is_disallowed_ |= answer.host_wish == HostWish::leave_alone;
    if (look_) {
        look_->file_answered(answer);
    }
    if (!answer.outcome.is_ok()) {
        log(url, answer,
            fmt::format("checksums missing, which the primary has: {}{}",
                        reason_missing(answer, model::Content::release),
                        detail_in_brackets(answer)),
            now);
        return;
    }
    const auto sums = model::parse_checksums(text);
    if (answer.is_cut || sums.has_error()) {
        log(url, answer,
            answer.is_cut ? "not a file of checksums: it is too large"
                          : fmt::format("not a file of checksums: line {}: {}", sums.error().line,
                                        sums.error().what),
            now);
        return;
    }
    if (const auto* const differs =
            model::find_difference(*task_.plan->expected_sums(target), *sums)) {
        const auto* const here = model::find_checksum(*sums, differs->name);
        log(url, answer,
            fmt::format("checksums differ from the primary's: {} should be {}, and is {}",
                        model::in_quotes(differs->name), to_string(differs->sha256),
                        here == nullptr ? "not named" : to_string(here->sha256)),
            now);
        return;
    }
    found_.set(target, image_found);
    log(url, answer, "checksums as the primary's", now);
}

void MirrorProbe::find_images(model::ProbeResult& result) const {
    std::size_t required = 0;
    bool is_missing_one = false;
    for (const auto& images : task_.plan->image_sets()) {
        bool is_whole = true;
        for (Target target = images.first; target < images.first + images.count; ++target) {
            is_whole = is_whole && is_row(found_[target]);
        }
        if (is_whole) {
            result.images.push_back(images.row);
        }
        const bool was_asked = images.is_required || task_.assignment.had[images.first];
        result.record.expected += was_asked ? 1 : 0;
        required += images.is_required ? 1 : 0;
        is_missing_one = is_missing_one || (images.is_required && !is_whole);
    }
    result.record.found = static_cast<std::uint32_t>(result.images.size());
    result.record.verdict = required == 0    ? model::ProbeVerdict::nothing_expected
                            : is_missing_one ? model::ProbeVerdict::failed
                                             : model::ProbeVerdict::passed;
}

}  // namespace prober
