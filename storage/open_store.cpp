#include "storage/open_store.hpp"
