/// Counts the time a query works. Time in which its caller has the row, and perhaps a slow reader, is not counted.
public final class QueryWatch {
  private let clock: () -> Double
  private let limit: Double
  private var spent = 0.0
  private var begun: Double?

  /// A watch that ends a query after `limit` seconds of work.
  /// - Parameter clock: seconds of a steady clock.
  public init(limit: Double, clock: @escaping () -> Double) {
    self.limit = limit
    self.clock = clock
  }

  /// Whether the time is over.
  public var isOver: Bool { spent + (begun.map { clock() - $0 } ?? 0) > limit }

  /// Called now and then by whoever works for long without returning a row.
  ///
  /// - Throws: ``QueryError/timeIsOver(seconds:)``.
  public func check() throws { if isOver { throw QueryError.timeIsOver(seconds: limit) } }

  /// Counts the time of work that is not a step of the query.
  public func measured<Result>(_ body: () throws -> Result) rethrows -> Result { try working(body) }

  func working<Result>(_ body: () throws -> Result) rethrows -> Result {
    let isOuter = begun == nil
    if isOuter { begun = clock() }
    defer {
      if isOuter, let begin = begun {
        spent += clock() - begin
        begun = nil
      }
    }
    return try body()
  }

  var failure: QueryError { .timeIsOver(seconds: limit) }
}
