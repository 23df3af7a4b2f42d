/// What a tokenizer.model says.
///
/// Source: `sentencepiece_model.proto` of google/sentencepiece, with its defaults.
struct SentencePieceFile {
  /// Highest id a token may have, and 1: as for every other tokenizer.
  static let mostPieces = 1 << 24

  var pieces: [SentencePieceVocabulary.Piece] = []
  var modelType: UInt64 = 1
  var fallsBackToBytes = false
  var hasWhitespaceAsSuffix = false
  var normalizerName = ""
  var hasNormalizerRules = false
  var hasDenormalizerRules = false
  var addsDummyPrefix = true
  var removesExtraWhitespace = true
  var escapesWhitespace = true
  private let path: String

  /// - Parameter path: for messages.
  init(_ bytes: [UInt8], path: String) throws(TokenizerError) {
    self.path = path
    do {
      var reader = ProtobufReader(bytes[...])
      while let (field, value) = try reader.next() {
        guard case .bytes(let part) = value else { continue }
        switch field {
        case 1: try addPiece(part)
        case 2: try readTrainer(part)
        case 3: try readNormalizer(part)
        case 5: hasDenormalizerRules = try Self.hasRules(part)
        default: break
        }
      }
    } catch let error as ProtobufReader.Malformed {
      throw .malformed(path: path, member: "byte \(error.offset)", reason: error.reason)
    } catch let error as TokenizerError {
      throw error
    } catch {
      throw .malformed(path: path, member: "the file", reason: "\(error)")
    }
  }

  private mutating func addPiece(_ bytes: ArraySlice<UInt8>) throws {
    let place = "piece \(pieces.count)"
    guard pieces.count < Self.mostPieces else {
      throw TokenizerError.malformed(
        path: path, member: place, reason: "is one of more than \(Self.mostPieces)")
    }
    var piece = SentencePieceVocabulary.Piece(text: "", score: 0, kind: .normal)
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .bytes(let text)):
        guard let text = String(validating: text, as: UTF8.self) else {
          throw TokenizerError.malformed(path: path, member: place, reason: "is no valid UTF-8")
        }
        piece.text = text
      case (2, .fixed32(let bits)):
        piece.score = Float(bitPattern: bits)
        guard !piece.score.isNaN else {
          throw TokenizerError.malformed(path: path, member: place, reason: "has a score that is no number")
        }
      case (3, .varint(let number)):
        guard let kind = Int32(exactly: number).flatMap(SentencePieceVocabulary.Kind.init) else {
          throw TokenizerError.unsupported(path: path, member: place, what: "of the type \(number)")
        }
        piece.kind = kind
      default: break
      }
    }
    guard !piece.text.isEmpty else {
      throw TokenizerError.malformed(path: path, member: place, reason: "is empty")
    }
    // SentencePiece cuts these up again after it has merged them; no published LLaMA model has any.
    guard piece.kind != .unused else {
      throw TokenizerError.unsupported(path: path, member: place, what: "an unused piece")
    }
    pieces.append(piece)
  }

  private mutating func readTrainer(_ bytes: ArraySlice<UInt8>) throws {
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      guard case .varint(let number) = value else { continue }
      switch field {
      case 3: modelType = number
      case 24: hasWhitespaceAsSuffix = number != 0
      case 35: fallsBackToBytes = number != 0
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ bytes: ArraySlice<UInt8>) throws {
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .bytes(let name)): normalizerName = String(decoding: name, as: UTF8.self)
      case (2, .bytes(let rules)): hasNormalizerRules = !rules.isEmpty
      case (3, .varint(let number)): addsDummyPrefix = number != 0
      case (4, .varint(let number)): removesExtraWhitespace = number != 0
      case (5, .varint(let number)): escapesWhitespace = number != 0
      default: break
      }
    }
  }

  private static func hasRules(_ bytes: ArraySlice<UInt8>) throws -> Bool {
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      if field == 2, case .bytes(let rules) = value, !rules.isEmpty { return true }
    }
    return false
  }
}
