/// Cells of a terminal in which lines are drawn: with the eight dots of a braille character each, or with one sign each
/// where there is no UTF-8 or where curves are told apart by letters.
struct DotCanvas {
  /// Columns and rows of cells.
  let columns: Int
  let rows: Int
  /// Dots of a cell, across and down.
  private let across: Int
  private let down: Int
  /// For each cell, row by row, its dots as bits and the curve that was drawn there last.
  private var dots: [UInt8]
  private var owners: [Int]

  /// The bit of each dot of a braille character, row by row (Unicode 25.1, U+2800).
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  init(columns: Int, rows: Int, braille: Bool) {
    self.columns = columns
    self.rows = rows
    (across, down) = braille ? (2, 4) : (1, 1)
    dots = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: 0, count: columns * rows)
  }

  /// Dots in a row.
  var width: Int { columns * across }

  /// Draws a line between two places, each from 0 to 1 from the left and from the bottom (J. Bresenham's algorithm, IBM
  /// Systems Journal 4, 1965).
  mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), owner: Int) {
    func dot(_ place: (x: Double, y: Double)) -> (x: Int, y: Int) {
      (
        Int((place.x * Double(columns * across - 1)).rounded()),
        Int(((1 - place.y) * Double(rows * down - 1)).rounded())
      )
    }
    let there = dot(end)
    var here = dot(start)
    let (dx, dy) = (abs(there.x - here.x), -abs(there.y - here.y))
    let (right, below) = (here.x < there.x ? 1 : -1, here.y < there.y ? 1 : -1)
    var error = dx + dy
    while true {
      set(here.x, here.y, owner)
      if here == there { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        here.x += right
      }
      if twice <= dx {
        error += dx
        here.y += below
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ owner: Int) {
    let cell = y / down * columns + x / across
    dots[cell] |= across == 2 ? Self.bits[y % down][x % across] : 1
    owners[cell] = owner
  }

  private static func braille(_ dots: UInt8) -> String {
    UnicodeScalar(0x2800 + UInt32(dots)).map { String(Character($0)) } ?? " "
  }

  /// A row of cells in stretches of one curve; nil stands for empty ones.
  ///
  /// - Parameter sign: what stands for a dot of a curve without braille.
  func row(_ row: Int, sign: (Int) -> String) -> [(text: String, owner: Int?)] {
    var parts: [(text: String, owner: Int?)] = []
    for cell in row * columns..<(row + 1) * columns {
      let owner = dots[cell] == 0 ? nil : owners[cell]
      let text =
        owner == nil ? " " : across == 1 ? sign(owners[cell]) : Self.braille(dots[cell])
      if let last = parts.last, last.owner == owner {
        parts[parts.count - 1].text = last.text + text
      } else {
        parts.append((text, owner))
      }
    }
    return parts
  }
}
