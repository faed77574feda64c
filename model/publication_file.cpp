#include "model/publication_file.hpp"

#include "model/file_errors.hpp"
#include "model/mirror_url.hpp"
#include "model/nearest_word.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace model {
namespace {

constexpr std::size_t line_bytes_max = 64UL * 1024;
constexpr std::size_t file_bytes_max = 1024UL * 1024 * 1024;
constexpr std::size_t name_bytes_max = 255;

constexpr std::array<std::string_view, 12> publication_keys = {
    "distribution", "series", "pocket",    "component", "arch",      "source",
    "version",      "file",   "file_type", "status",    "published", "path"};

/// What one line says: for each key absent, null, or a text.
struct Value {
    bool is_given = false;
    std::optional<std::string> text;
};
using Values = std::array<Value, publication_keys.size()>;

/// Takes one flat object of texts and nulls as the parser comes to them. Stops the
/// parser at the first surprise, so that nothing nests and nothing is built.
class FlatObject {
public:
    // The names and types that nlohmann::json::sax_parse asks for.
    // NOLINTBEGIN(readability-identifier-naming)
    using number_integer_t = std::int64_t;
    using number_unsigned_t = std::uint64_t;
    using number_float_t = double;
    using string_t = std::string;
    using binary_t = nlohmann::json::binary_t;
    // NOLINTEND(readability-identifier-naming)

    bool null() { return is_inside() && put(std::nullopt); }
    bool boolean(bool) { return refuse("true or false"); }
    bool number_integer(number_integer_t) { return refuse("a number"); }
    bool number_unsigned(number_unsigned_t) { return refuse("a number"); }
    bool number_float(number_float_t, const string_t&) { return refuse("a number"); }
    bool string(string_t& text) { return is_inside() && put(std::move(text)); }
    bool binary(binary_t&) { return refuse("binary data"); }
    bool start_array(std::size_t) { return refuse("a list"); }
    static bool end_array() { return true; }
    static bool end_object() { return true; }

    bool start_object(std::size_t) {
        if (is_open_) {
            return refuse("an object");
        }
        is_open_ = true;
        return true;
    }

    bool key(string_t& name) {
        const auto* const found = std::find(publication_keys.begin(), publication_keys.end(), name);
        if (found == publication_keys.end()) {
            return stop(unknown_key_text(name, publication_keys));
        }
        current_ = static_cast<std::size_t>(found - publication_keys.begin());
        if (std::exchange(values_.at(current_).is_given, true)) {
            return stop(fmt::format("{} is given twice", name));
        }
        return true;
    }

    template <class Exception>
    bool parse_error(std::size_t position, const std::string&, const Exception& error) {
        constexpr int number_out_of_range = 406;  // in the library's list of exceptions
        if (error.id == number_out_of_range) {
            return refuse("a number");
        }
        return stop(fmt::format("this is not JSON, from byte {} on", position));
    }

    const std::string& fault() const { return fault_; }
    Values take() { return std::move(values_); }

private:
    bool is_inside() { return is_open_ || stop("the line must be one JSON object, { }"); }

    bool put(std::optional<std::string> text) {
        values_.at(current_).text = std::move(text);
        return true;
    }

    bool refuse(std::string_view what) {
        return is_inside() && stop(fmt::format("{}: this must be a text in quotation marks, not {}",
                                               publication_keys.at(current_), what));
    }

    bool stop(std::string fault) {
        fault_ = std::move(fault);
        return false;
    }

    Values values_;
    std::size_t current_ = 0;
    bool is_open_ = false;
    std::string fault_;
};

/// Builds the publication key by key, and keeps the first thing that is wrong.
class PublicationReader {
public:
    explicit PublicationReader(Values values) : values_{std::move(values)} {}

    /// A text that must be there, as `is_right` wants it.
    template <class Predicate>
    std::string text(std::string_view key, Predicate is_right) {
        const auto& value = values_of(key);
        if (!value.text) {
            fault(fmt::format("{} is missing", key));
            return {};
        }
        return checked(key, *value.text, is_right);
    }

    /// The same, but empty where it is absent or null.
    template <class Predicate>
    std::string optional_text(std::string_view key, Predicate is_right) {
        const auto& value = values_of(key);
        return value.text ? checked(key, *value.text, is_right) : std::string{};
    }

    /// A word of a closed list; empty where it is absent or null.
    template <class Parse>
    auto word(std::string_view key, Parse parse, std::string_view choices) -> decltype(parse(key)) {
        const auto& value = values_of(key);
        if (!value.text) {
            return std::nullopt;
        }
        const auto parsed = parse(*value.text);
        if (!parsed) {
            fault(fmt::format("{}: {} is not {}", key, in_quotes(*value.text), choices));
        }
        return parsed;
    }

    bool is_given(std::string_view key) { return values_of(key).is_given; }
    bool is_text(std::string_view key) { return values_of(key).text.has_value(); }

    void fault(std::string text) {
        if (fault_.empty()) {
            fault_ = std::move(text);
        }
    }
    const std::string& first_fault() const { return fault_; }

private:
    const Value& values_of(std::string_view key) const {
        const auto* const found = std::find(publication_keys.begin(), publication_keys.end(), key);
        return values_.at(static_cast<std::size_t>(found - publication_keys.begin()));
    }

    template <class Predicate>
    std::string checked(std::string_view key, const std::string& text, Predicate is_right) {
        if (!is_right(text)) {
            fault(fmt::format("{}: {} is not valid here", key, in_quotes(text)));
        }
        return text;
    }

    Values values_;
    std::string fault_;
};

bool is_file_name(std::string_view text) noexcept {
    return text.size() <= name_bytes_max && text.find('/') == std::string_view::npos &&
           is_relative_path(text);
}

std::string read_architecture(PublicationReader& reader) {
    if (!reader.is_given("arch")) {
        reader.fault("arch is missing; write null for a source");
        return {};
    }
    if (!reader.is_text("arch")) {
        return std::string(source_architecture);
    }
    auto architecture = reader.text("arch", is_archive_word);
    if (architecture == source_architecture) {
        reader.fault("arch: \"source\" is no architecture; write null for a source");
    }
    return architecture;
}

/// What single values cannot show.
void check_together(const Publication& publication, PublicationReader& reader) {
    if (publication.file.empty() != !publication.file_type.has_value()) {
        reader.fault("file and file_type go together: give both, or neither");
    }
    if (publication.file.empty() && !publication.path.empty()) {
        reader.fault("path is given without a file");
    }
    if (publication.file_type &&
        publication.bucket.is_source() != (publication.file_type == FileType::dsc)) {
        reader.fault(publication.bucket.is_source()
                         ? "file_type: a source's file is a DSC"
                         : "file_type: only a source's file is a DSC, and its arch is null");
    }
    if (!publication.published && publication.status != PublicationStatus::pending) {
        reader.fault("published is missing; only what is PENDING has no time yet");
    }
}

}  // namespace

boost::system::result<Publication, std::string> parse_publication(std::string_view json_line) {
    using boost::system::in_place_error;
    if (json_line.size() > line_bytes_max) {
        return {in_place_error, "the line is longer than 64 KiB"};
    }
    FlatObject object;
    if (!nlohmann::json::sax_parse(json_line, &object)) {
        return {in_place_error, object.fault()};
    }

    PublicationReader reader(object.take());
    Publication publication;
    publication.distribution = reader.text("distribution", is_valid_name);
    publication.bucket.series = reader.text("series", is_archive_word);
    const auto pocket = reader.word("pocket", parse_pocket,
                                    "one of RELEASE, SECURITY, UPDATES, PROPOSED, BACKPORTS");
    if (!reader.is_text("pocket")) {
        reader.fault("pocket is missing");
    }
    publication.bucket.pocket = pocket.value_or(Pocket::release);
    publication.bucket.component = reader.text("component", is_archive_word);
    publication.bucket.architecture = read_architecture(reader);
    publication.source = reader.text("source", is_archive_word);
    publication.version = reader.text("version", is_version);
    publication.file = reader.optional_text("file", is_file_name);
    publication.file_type =
        reader.word("file_type", parse_file_type, "one of DEB, UDEB, DDEB, DSC");
    const auto status = reader.word("status", parse_publication_status,
                                    "one of PENDING, PUBLISHED, SUPERSEDED, DELETED, OBSOLETE");
    if (!reader.is_text("status")) {
        reader.fault("status is missing");
    }
    publication.status = status.value_or(PublicationStatus::published);
    publication.published =
        reader.word("published", parse_timestamp, "a time, such as \"2005-09-15T11:42:02Z\"");
    publication.path = reader.optional_text("path", is_relative_path);
    check_together(publication, reader);

    if (!reader.first_fault().empty()) {
        return {in_place_error, reader.first_fault()};
    }
    return publication;
}

boost::system::result<std::vector<Publication>, std::vector<FileError>> parse_publications(
    std::string_view json_lines, const PublicationCheck& check) {
    if (json_lines.size() > file_bytes_max) {
        return std::vector{FileError{0, "the file is larger than 1 GiB; divide it"}};
    }
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (json_lines.starts_with(byte_order_mark)) {
        json_lines.remove_prefix(byte_order_mark.size());
    }
    std::vector<Publication> publications;
    FileErrors errors;
    for (int line = 1; !json_lines.empty(); ++line) {
        const auto text = json_lines.substr(0, json_lines.find('\n'));
        json_lines.remove_prefix(std::min(text.size() + 1, json_lines.size()));
        if (text.find_first_not_of(" \t\r") == std::string_view::npos) {
            continue;
        }
        auto publication = parse_publication(text);
        if (publication.has_error()) {
            errors.add(line, std::move(publication).error());
        } else if (auto fault = check ? check(*publication) : std::string{}; !fault.empty()) {
            errors.add(line, std::move(fault));
        } else if (errors.is_empty()) {
            publications.push_back(std::move(*publication));
        }
    }
    if (!errors.is_empty()) {
        return errors.take();
    }
    return publications;
}

}  // namespace model
