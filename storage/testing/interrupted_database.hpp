#pragma once

#include "storage/database.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace storage::testing {

/// A database in which something happens right after each transaction that was committed: what
/// somebody else does between two of ours.
class InterruptedDatabase final : public Database {
public:
    InterruptedDatabase(std::unique_ptr<Database> real, std::function<void()> meanwhile)
        : real_{std::move(real)}, meanwhile_{std::move(meanwhile)} {}

    const Dialect& dialect() const noexcept override { return real_->dialect(); }
    const std::string& title() const noexcept override { return real_->title(); }
    Rows execute(const char* sql, std::span<const Value> parameters) override {
        return real_->execute(sql, parameters);
    }
    void for_each(const char* sql, std::span<const Value> parameters,
                  const std::function<void(const Row&)>& callback) override {
        real_->for_each(sql, parameters, callback);
    }
    void execute_script(const std::string& sql) override { real_->execute_script(sql); }
    void insert_many(const char* table, const char* columns,
                     std::span<const Value> values) override {
        real_->insert_many(table, columns, values);
    }
    std::vector<std::int64_t> new_keys(const char* table, std::size_t count) override {
        return real_->new_keys(table, count);
    }
    bool has_tables() override { return real_->has_tables(); }
    bool has_version_table() override { return real_->has_version_table(); }
    void mark_as_ours() override { real_->mark_as_ours(); }
    void settle() override { real_->settle(); }
    std::string check() override { return real_->check(); }
    bool wait_for_change(std::chrono::milliseconds patience) override {
        return real_->wait_for_change(patience);
    }
    std::unique_ptr<model::StoreLock> try_lock(const std::string& name) override {
        return real_->try_lock(name);
    }

private:
    void begin(Access access) override { transaction_.emplace(*real_, access); }
    void commit() override {
        transaction_->commit();
        transaction_.reset();
        meanwhile_();
    }
    void roll_back() noexcept override { transaction_.reset(); }

    std::unique_ptr<Database> real_;
    std::optional<Transaction> transaction_;
    std::function<void()> meanwhile_;
};

}  // namespace storage::testing
