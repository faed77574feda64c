// The one translation unit that compiles Asio's TLS.
#include <boost/asio/ssl/impl/src.hpp>
