#include "model/notice.hpp"
