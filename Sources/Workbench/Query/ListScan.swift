import History

/// A walk over rows that are known beforehand, each by its place.
final class ListScan: QueryScan {
  private let count: Int
  private let part: Int
  private let places: [Int]?
  private let read: (_ place: Int, _ column: Int) throws -> QueryValue
  private var place = -1

  /// - Parameters:
  ///   - part: what row numbers begin with.
  ///   - read: the value of a column of the row at a place, from 0.
  init(count: Int, part: Int = 0, read: @escaping (_ place: Int, _ column: Int) throws -> QueryValue) {
    self.count = count
    self.part = part
    places = nil
    self.read = read
  }

  /// Only the rows at some places.
  init(places: [Int], part: Int = 0, read: @escaping (_ place: Int, _ column: Int) throws -> QueryValue) {
    count = places.count
    self.part = part
    self.places = places
    self.read = read
  }

  func advance() -> Bool {
    place += 1
    return place < count
  }

  func value(_ column: Int) throws -> QueryValue { try read(places?[place] ?? place, column) }

  func rowID() throws -> Int64 { try QueryRowID.number(part: part, place: places?[place] ?? place) }
}

/// No rows: what a comparison with null, or with an id of nothing, leaves.
final class NoRows: QueryScan {
  func advance() throws -> Bool { false }
  func value(_ column: Int) throws -> QueryValue { .null }
  func rowID() throws -> Int64 { 0 }
}
