#include "model/outbox.hpp"
