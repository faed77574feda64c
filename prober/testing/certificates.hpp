#pragma once

#include <filesystem>
#include <string>

namespace prober::testing {

/// A folder of certificates made by `openssl` for one test; removed with it.
class Certificates {
public:
    Certificates();
    ~Certificates();
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;

    struct Files {
        std::string certificate;
        std::string key;
    };
    struct Wish {
        std::string name;     // of the files
        std::string address;  // IP address that it is for
        int days = 30;        // of validity from yesterday on; less than 1: it has ended
    };

    /// Issued by an authority whose own certificate is `bundle()`.
    Files issue(const Wish&);
    Files self_signed(const Wish&);
    enum class Chain { whole, without_intermediate };
    /// Issued by an authority that the first one vouches for.
    Files issue_by_intermediate(const Wish&, Chain);
    std::string bundle() const;

private:
    Files issue_by(const Files& authority, const Wish&);
    void run(const std::string& arguments) const;
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    std::filesystem::path folder_;
};

}  // namespace prober::testing
