#pragma once

#include "prober/mirror_look.hpp"
#include "tools/mirrorwarden/check_options.hpp"

#include <string>

namespace mirrorwarden {

/// What a check is to ask, after the flags and the catalogue were heard.
struct CheckQuestion {
    std::string base_url;   // normalised
    std::string rsync_url;  // normalised; to be greeted, and nothing else asked; else empty
    prober::LookPlan plan;
    model::IndexWish wish;
    std::string primary_url;  // normalised; to be asked what it published; empty: nobody is asked
};

/// Opens the database only where the options name a distribution. Throws `InputError`
/// for what cannot be asked.
CheckQuestion make_check_question(Environment&, const CheckOptions&);

}  // namespace mirrorwarden
