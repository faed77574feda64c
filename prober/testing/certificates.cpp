#include "prober/testing/certificates.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace prober::testing {
namespace {

std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "certificates-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("make a folder for certificates");
    }
    return pattern;
}

}  // namespace

Certificates::Certificates() : folder_{make_folder()} {
    run(
        fmt::format("req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority "
                    "-keyout {} -out {}",
                    path("authority.key"), path("authority.pem")));
}

Certificates::~Certificates() {
    std::error_code ec;
    std::filesystem::remove_all(folder_, ec);
}

Certificates::Files Certificates::issue(const Wish& wish) {
    return issue_by({.certificate = path("authority.pem"), .key = path("authority.key")}, wish);
}

Certificates::Files Certificates::issue_by(const Files& authority, const Wish& wish) {
    Files files{.certificate = path(wish.name + ".pem"), .key = path(wish.name + ".key")};
    const auto request = path(wish.name + ".csr");
    const auto extensions = path(wish.name + ".ext");
    std::ofstream(extensions) << "subjectAltName=IP:" << wish.address << '\n';
    run(fmt::format("req -newkey rsa:2048 -nodes -subj /CN={} -keyout {} -out {}", wish.name,
                    files.key, request));
    run(fmt::format(
        "x509 -req -in {} -CA {} -CAkey {} -CAcreateserial -days {} -extfile {} -out {}", request,
        authority.certificate, authority.key, wish.days, extensions, files.certificate));
    return files;
}

Certificates::Files Certificates::issue_by_intermediate(const Wish& wish, Chain chain) {
    const auto key = path("intermediate.key");
    const auto request = path("intermediate.csr");
    const auto extensions = path("intermediate.ext");
    const auto intermediate = path("intermediate.pem");
    std::ofstream(extensions) << "basicConstraints=CA:TRUE\n";
    run(fmt::format("req -newkey rsa:2048 -nodes -subj /CN=intermediate -keyout {} -out {}", key,
                    request));
    run(fmt::format(
        "x509 -req -in {} -CA {} -CAkey {} -CAcreateserial -days 30 -extfile {} -out {}", request,
        path("authority.pem"), path("authority.key"), extensions, intermediate));
    auto files = issue_by({.certificate = intermediate, .key = key}, wish);
    if (chain == Chain::whole) {
        std::ofstream whole(files.certificate, std::ios::app);
        whole << std::ifstream(intermediate).rdbuf();
    }
    return files;
}

Certificates::Files Certificates::self_signed(const Wish& wish) {
    Files files{.certificate = path(wish.name + ".pem"), .key = path(wish.name + ".key")};
    run(
        fmt::format("req -x509 -newkey rsa:2048 -nodes -days {} -subj /CN={} "
                    "-addext subjectAltName=IP:{} -keyout {} -out {}",
                    wish.days, wish.name, wish.address, files.key, files.certificate));
    return files;
}

std::string Certificates::bundle() const {
    return path("authority.pem");
}

void Certificates::run(const std::string& arguments) const {
    const auto command = fmt::format("openssl {} >{} 2>&1", arguments, path("openssl.log"));
    if (std::system(command.c_str()) != 0) {
        throw std::runtime_error(fmt::format("run \"{}\"", command));
    }
}

}  // namespace prober::testing
