#pragma once

#include "tools/service/server_options.hpp"
#include "tools/service/world.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace service {

/// The newest world, and since when it may be older than the database.
struct WorldView {
    std::shared_ptr<const World> world;
    std::optional<model::Timestamp> stale_since;
};

/// Reads the world again whenever something was committed, on a thread and a store of its own.
/// Where the database does not answer, the last world stays, and it is tried again, with
/// pauses that grow up to 10 s.
class WorldWatch {
public:
    using Read =
        std::function<std::shared_ptr<const World>(model::Store&, model::Timestamp, const World*)>;
    struct Sources {
        OpenStore open_store;
        Read read;
        std::function<model::Timestamp()> now;
        Say say_fault;
    };

    /// Reads the first world. Throws `model::StorageError` where that fails.
    explicit WorldWatch(Sources);
    WorldWatch(const WorldWatch&) = delete;
    WorldWatch& operator=(const WorldWatch&) = delete;
    ~WorldWatch();

    /// From now on `changed` is called on the watch's thread after each change of the view.
    void start(std::function<void()> changed);

    /// Ends the thread; nothing is called back afterwards.
    void stop();

    WorldView view() const;

private:
    void run();
    void look();
    void lose(const std::string& why);
    bool pause(std::chrono::milliseconds);
    bool is_stopping() const;

    Sources sources_;
    std::function<void()> changed_;
    std::unique_ptr<model::Store> store_;  // null: to be opened again
    mutable std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;  // with mutex_, as what follows
    WorldView view_;
    std::thread thread_;
};

}  // namespace service
