#include "model/run_record.hpp"

namespace model {

std::string_view to_string(RunOutcome outcome) noexcept {
    switch (outcome) {
    case RunOutcome::done: return "done";
    case RunOutcome::suspect: return "suspect";
    case RunOutcome::unfinished: return "unfinished";
    case RunOutcome::interrupted: return "interrupted";
    case RunOutcome::lost: return "lost";
    }
    return "unknown";
}

}  // namespace model
