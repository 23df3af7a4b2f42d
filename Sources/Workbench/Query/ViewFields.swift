import History

/// The columns of a view by the cases that its table answers them by: a case has the name of its column.
struct ViewFields<Field: RawRepresentable & Equatable> where Field.RawValue == String {
  private let fields: [Field?]

  /// - Parameter columns: the table's; one that has no case is a column of the user's own.
  init(_ columns: [QueryColumn]) { fields = columns.map { Field(rawValue: $0.name) } }

  /// The case of a column, by its place.
  subscript(_ column: Int) -> Field? { fields[column] }

  /// Whether a column is compared for equality, by which alone it can be looked up.
  func isEqual(_ lookup: QueryLookup, _ field: Field) -> Bool {
    fields[lookup.column] == field && lookup.comparison == .equal
  }

  /// What a column is compared with; nil when it is not.
  func value(of field: Field, in constraints: [QueryConstraint]) -> QueryValue? {
    constraints.first { fields[$0.column] == field }?.value
  }
}
