#include "tools/mirrorwarden/read_file.hpp"

#include "tools/mirrorwarden/exit_status.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace mirrorwarden {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

int leave_open(std::FILE*) {
    return 0;
}

[[noreturn]] void refuse(const std::string& name, int error) {
    throw InputError(
        fmt::format("cannot read {}: {}", name, std::generic_category().message(error)));
}

}  // namespace

std::string read_file(const std::string& name, std::size_t bytes_max) {
    const bool standard_input = name == "-";
    const File file = standard_input ? File(stdin, leave_open)
                                     : File(std::fopen(name.c_str(), "rbe"), std::fclose);
    const std::string shown = standard_input ? "standard input" : name;
    if (!file) {
        refuse(shown, errno);
    }
    std::string text;
    std::array<char, 65536> block{};
    while (const std::size_t size = std::fread(block.data(), 1, block.size(), file.get())) {
        text.append(block.data(), size);
        if (text.size() > bytes_max) {
            throw InputError(
                fmt::format("cannot read {}: it is longer than {} bytes", shown, bytes_max));
        }
    }
    if (std::ferror(file.get()) != 0) {  // a folder, for one, opens well and reads badly
        refuse(shown, errno);
    }
    return text;
}

std::string format_file_errors(const std::string& file,
                               const std::vector<model::FileError>& errors) {
    const std::string shown = file == "-" ? "standard input" : file;
    std::string text = fmt::format("{} {} in {}, nothing was changed", errors.size(),
                                   errors.size() == 1 ? "error" : "errors", shown);
    for (const auto& error : errors) {
        text += "\n" + model::format_file_error(shown, error);
    }
    return text;
}

}  // namespace mirrorwarden
