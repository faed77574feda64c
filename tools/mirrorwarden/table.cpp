#include "tools/mirrorwarden/table.hpp"

#include "tools/mirrorwarden/display_width.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <numeric>
#include <string_view>

namespace mirrorwarden {
namespace {

constexpr int gap = 2;
constexpr int readable_least = 16;  // columns: enough to tell one name from another
constexpr int shrunk_least = 8;     // where nothing more can be left out

std::string_view escape_code(Tone tone) {
    switch (tone) {
    case Tone::good: return "\x1b[32m";
    case Tone::caution: return "\x1b[33m";
    case Tone::bad: return "\x1b[31m";
    case Tone::faint: return "\x1b[2m";
    case Tone::plain: break;
    }
    return {};
}

std::vector<int> natural_widths(const Table& table) {
    std::vector<int> widths;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        int width = display_width(table.columns[i].header);
        for (const auto& row : table.rows) {
            width = std::max(width, display_width(row[i].text));
        }
        widths.push_back(width);
    }
    return widths;
}

/// Of the whole table, with names as short as they can be read.
int readable_width(const std::vector<int>& widths, const std::vector<Column>& columns) {
    int sum = gap * static_cast<int>(columns.empty() ? 0 : columns.size() - 1);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        sum += columns[i].may_shrink ? std::min(widths[i], readable_least) : widths[i];
    }
    return sum;
}

/// Takes columns out of the table until it is readable on such a screen, or nothing is
/// dispensable. Returns their headers.
std::vector<std::string> leave_out(Table& table, std::vector<int>& widths, int screen_width) {
    std::vector<std::string> headers;
    while (readable_width(widths, table.columns) > screen_width) {
        const auto column = std::ranges::max_element(table.columns, {}, &Column::dispensable);
        if (column->dispensable == 0) {
            break;
        }
        const auto place = column - table.columns.begin();
        headers.push_back(column->header);
        table.columns.erase(column);
        widths.erase(widths.begin() + place);
        for (auto& row : table.rows) {
            row.erase(row.begin() + place);
        }
    }
    return headers;
}

void fit(std::vector<int>& widths, const std::vector<Column>& columns, int screen_width) {
    const int gaps = gap * static_cast<int>(columns.empty() ? 0 : columns.size() - 1);
    int excess = std::accumulate(widths.begin(), widths.end(), gaps) - screen_width;
    while (excess > 0) {
        int* widest = nullptr;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i].may_shrink && widths[i] > shrunk_least &&
                (widest == nullptr || widths[i] > *widest)) {
                widest = &widths[i];
            }
        }
        if (widest == nullptr) {
            return;  // long lines break on the screen; what matters stays whole
        }
        --*widest;
        --excess;
    }
}

void append_line(std::string& out, const std::vector<Cell>& cells, const Table& table,
                 const std::vector<int>& widths, const Screen& screen) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto text = shorten(cells[i].text, widths[i]);
        const auto padding = static_cast<std::size_t>(widths[i] - display_width(text));
        const bool is_last = i + 1 == cells.size();
        if (table.columns[i].alignment == Alignment::right) {
            line.append(padding, ' ');
        }
        line += paint(text, cells[i].tone, screen);
        if (!is_last) {
            if (table.columns[i].alignment == Alignment::left) {
                line.append(padding, ' ');
            }
            line.append(gap, ' ');
        }
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
}

}  // namespace

std::string paint(const std::string& text, Tone tone, const Screen& screen) {
    const auto code = escape_code(tone);
    if (!screen.has_colours || code.empty() || text.empty()) {
        return text;
    }
    return std::string(code) + text + "\x1b[0m";
}

std::string render_table(const Table& table, const Screen& screen) {
    Table safe = table;
    for (auto& row : safe.rows) {
        assert(row.size() == safe.columns.size());
        for (auto& cell : row) {
            cell.text = printable(cell.text);
        }
    }
    auto widths = natural_widths(safe);
    std::vector<std::string> left_out;
    if (screen.width > 0 && !safe.columns.empty()) {
        left_out = leave_out(safe, widths, screen.width);
        fit(widths, safe.columns, screen.width);
    }
    std::vector<Cell> headers;
    for (const auto& column : safe.columns) {
        headers.push_back({column.header, Tone::faint});
    }
    std::string out;
    append_line(out, headers, safe, widths, screen);
    for (const auto& row : safe.rows) {
        append_line(out, row, safe, widths, screen);
    }
    if (!left_out.empty()) {
        const auto note =
            fmt::format("Left out on this narrow screen: {}", fmt::join(left_out, ", "));
        out += paint(note, Tone::faint, screen) + "\n";
    }
    return out;
}

}  // namespace mirrorwarden
