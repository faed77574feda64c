#pragma once

#include <memory>
#include <string>

struct curl_slist;

namespace prober {

/// Lines as libcurl takes them: headers, recipients. It keeps no copy of the list that an option
/// names: the list outlives every transfer with that option.
class CurlLines {
public:
    /// Throws where there is no memory.
    void append(const std::string& line);

    /// Null while there is none.
    curl_slist* get() const noexcept { return list_.get(); }

private:
    struct Free {
        void operator()(curl_slist*) const noexcept;
    };
    std::unique_ptr<curl_slist, Free> list_;
};

}  // namespace prober
