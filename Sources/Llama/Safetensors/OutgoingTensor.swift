/// One tensor to be written to a model file.
public struct OutgoingTensor {
  /// The tensor's name.
  public var name: String
  /// Sizes of its dimensions, outermost first.
  public var shape: [Int]
  /// Hands the elements to its argument; called once, when the tensor's turn has come.
  public var withElements: ((UnsafeBufferPointer<Float>) throws -> Void) throws -> Void

  /// A tensor whose elements are lent by a closure, so that no copy is made.
  public init(
    name: String, shape: [Int],
    withElements: @escaping ((UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
  ) {
    self.name = name
    self.shape = shape
    self.withElements = withElements
  }

  /// A tensor of these elements.
  public init(name: String, shape: [Int], elements: [Float]) {
    self.init(name: name, shape: shape) { try elements.withUnsafeBufferPointer($0) }
  }

  /// Number of elements its shape asks for.
  var count: Int { shape.reduce(1, *) }
}
