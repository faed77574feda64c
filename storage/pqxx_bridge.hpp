#pragma once

// libpqxx 6.4 (Debian 12) and 7.10 (Debian 13) spell a few things differently.
// Included by postgres_database.cpp alone.

#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <utility>
#include <vector>

namespace storage::pqxx_bridge {

// 7.10 would rather have a lambda, which 6.4 has not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// Hears what is said on a channel, while the connection lives.
class Listener final : public pqxx::notification_receiver {
public:
    Listener(pqxx::connection& connection, const std::string& channel)
        : pqxx::notification_receiver{connection, channel} {}

    void operator()(const std::string&, int) override { has_heard_ = true; }

    /// Whether anything was said since the last call.
    bool take() noexcept { return std::exchange(has_heard_, false); }

private:
    bool has_heard_ = false;
};

#pragma GCC diagnostic pop

/// A null pointer stands for NULL.
using Texts = std::vector<const char*>;

#if PQXX_VERSION_MAJOR >= 7

/// Keeps a connection's warnings off standard error, which is the program's.
class Silence {
public:
    explicit Silence(pqxx::connection& connection) {
        connection.set_notice_handler([](pqxx::zview) {});
    }
};

inline pqxx::result execute_prepared(pqxx::transaction_base& transaction, const std::string& name,
                                     const Texts& texts) {
    pqxx::params parameters;
    for (const char* text : texts) {
        if (text == nullptr) {
            parameters.append();
        } else {
            parameters.append(pqxx::zview{text});
        }
    }
    return transaction.exec(pqxx::prepped{name}, parameters);
}

inline pqxx::stream_to copy_to(pqxx::transaction_base& transaction, const char* table,
                               const char* columns) {
    return pqxx::stream_to::raw_table(transaction, table, columns);
}

inline void write_row(pqxx::stream_to& stream, const Texts& texts) {
    stream.write_row(texts);
}

#else

using Silence = pqxx::quiet_errorhandler;

inline pqxx::result execute_prepared(pqxx::transaction_base& transaction, const std::string& name,
                                     const Texts& texts) {
    return transaction.exec_prepared(name, pqxx::prepare::make_dynamic_params(texts));
}

inline pqxx::stream_to copy_to(pqxx::transaction_base& transaction, const char* table,
                               const char* columns) {
    return pqxx::stream_to{transaction, table, std::vector<std::string>{columns}};
}

/// It takes tuples only, so the number of columns becomes a constant: up to `columns_max`.
template <std::size_t columns = 1>
void write_row(pqxx::stream_to& stream, const Texts& texts) {
    constexpr std::size_t columns_max = 15;
    if (texts.size() == columns) {
        std::array<const char*, columns> row{};
        std::copy(texts.begin(), texts.end(), row.begin());
        stream << row;
    } else if constexpr (columns < columns_max) {
        write_row<columns + 1>(stream, texts);
    } else {
        assert(false);
    }
}

#endif

}  // namespace storage::pqxx_bridge
