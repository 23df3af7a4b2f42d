import Curation
import Generation
import Glibc
import HTTP
import History
import Llama
import Objects
import Records

extension Failure {
  /// Runs a verb's work and turns whatever a module below throws into a failure with its kind and a hint.
  static func wrapping<Result>(_ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch {
      throw Failure(error)
    }
  }

  /// The same, with the name of the file that the work reads in front.
  static func naming<Result>(_ file: String, _ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch let error as ObjectFormatError {
      throw Failure(.data, "\(file): \(error)")
    } catch let error as JSONFailure {
      throw Failure(.data, "\(file): \(error)")
    }
  }

  /// The failure that an error of a module is to a user. Each module says what and why; the kind and the next step
  /// are decided here.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as ObjectsError: self.init(objects: error)
    case let error as GitError: self.init(git: error)
    case let error as HistoryError: self.init(history: error)
    case let error as TreeError:
      self.init(.data, "\(error)", hint: Self.damageHint)
    case let error as QueryError: self.init(error, in: "", added: [])
    case SearchError.busy: self.init(.busy, "\(SearchError.busy)", hint: "run the same command again")
    case let error as SearchError:
      self.init(.io, "\(error)", hint: "the file is a cache: make room, or delete it and search again")
    case let error as ObjectFormatError:
      self.init(.data, "\(error)", hint: Self.damageHint)
    case RougeLError.outOfMemory, SegmentError.outOfMemory:
      self.init(
        .io, "there is not enough memory to compare so many texts",
        hint: "free some, or compare fewer at a time")
    case let error as ImportFailure: self.init(.data, "\(error)")
    case let error as ExportFailure: self.init(.data, "\(error)", hint: "another `--format` may hold it")
    case let error as RecipeError: self.init(.configuration, "\(error)")
    case let error as JSONFailure: self.init(.data, "\(error)")
    case let error as HTTPError: self.init(http: error)
    case let error as RowFormatError:
      self.init(.data, "\(error)", hint: "`mdata conflicts --json` shows the form of a row")
    case let error as FileFailure: self.init(file: error)
    case let error as TrainingError: self.init(training: error)
    case let error as InferenceError: self.init(inference: error)
    case let error as GGUFError: self.init(.data, "\(error)")
    case let error as ModelConversionError: self.init(.data, "\(error)")
    case let error as AdapterError:
      self.init(
        .data, "\(error)", hint: "an adapter is a folder: adapter_config.json, adapter_model.safetensors")
    case is LlamaModelError, is SafetensorsError, is TokenizerError, is ModelFolderError:
      self.init(
        .data, "\(error)",
        hint: "a model is a Hugging Face folder: config.json, model.safetensors, tokenizer.json")
    default:
      self.init(
        .internalError, "\(error)", hint: "this is a defect of mdata; please report it with the command")
    }
    // Modules write sentences; here they stand after `error:`, where no message ends with a full stop.
    if message.hasSuffix(".") { message.removeLast() }
  }

  static let damageHint = "`mdata fsck` says what is damaged, and `mdata fsck --repair` saves what is not"

  private init(objects error: ObjectsError) {
    switch error {
    case .system(_, let path, let code):
      switch code {
      case ENOENT: self.init(.missing, "\(error)")
      case EACCES, EPERM, EROFS: self.init(.denied, "\(error)", hint: Ownership.hint(path))
      case ENOSPC, EDQUOT:
        self.init(.io, "\(error)", hint: "make room and run the same command again: nothing was changed")
      default: self.init(.io, "\(error)")
      }
    case .locked: self.init(.busy, "\(error)")
    case .damagedStream:
      self.init(.data, "\(error)", hint: "the file is incomplete or altered: fetch it again")
    case .incompleteWrite: self.init(.io, "\(error)")
    case .unsupportedPack: self.init(.configuration, "\(error)")
    case .notAFile:
      self.init(.data, "\(error)", hint: "nothing was read or written through it; see docs/threat-model.md")
    case .fileTooLong, .objectTooLarge: self.init(.data, "\(error)")
    case .compression: self.init(.internalError, "\(error)")
    case .missing, .damagedObject, .damagedPack: self.init(.data, "\(error)", hint: Self.damageHint)
    }
  }

  private init(git error: GitError) {
    switch error {
    case .notFound, .badRevision:
      self.init(.missing, "\(error)", hint: "`mdata log`, `mdata branch` and `mdata tag` list versions")
    case .referenceExists:
      self.init(.usage, "\(error)", hint: "choose another name, or delete the old one with `--delete`")
    case .badName: self.init(.usage, "\(error)", hint: "names are like `main`, `v1.2` or `review/doses`")
    case .referenceMoved, .referenceLocked: self.init(.busy, "\(error)", hint: "run the same command again")
    case .damagedCommit: self.init(.data, "\(error)", hint: Self.damageHint)
    case .files(let cause): self.init(objects: cause)
    case .refused: self.init(.other, "\(error)")
    }
  }

  private init(history error: HistoryError) {
    switch error {
    case .notARepository: self.init(.missing, "\(error)", hint: "make one with `mdata init`")
    case .alreadyExists: self.init(.usage, "\(error)")
    case .newerFormat: self.init(.configuration, "\(error)")
    case .badRecord: self.init(.missing, "\(error)", hint: "`mdata diff` and `mdata blame` print record ids")
    case .damaged, .notADataset: self.init(.data, "\(error)", hint: Self.damageHint)
    case .damagedStaging: self.init(.data, "\(error)", hint: Self.damageHint)
    case .nothingToUndo, .nothingToRedo:
      self.init(.no, "\(error)", hint: "`mdata op log` lists what was done")
    case .noOperation: self.init(.missing, "\(error)", hint: "`mdata op log` lists them")
    case .expired:
      self.init(
        .missing, "\(error)",
        hint: "`mdata op log` lists the operations; `mdata gc --grace` sets how long they can be undone")
    case .movedSince:
      self.init(
        .other, "\(error)",
        hint: "`mdata op restore OPERATION` brings back a whole state whatever is there now")
    case .badOperation: self.init(.data, "\(error)", hint: Self.damageHint)
    case .transactionEnded: self.init(.internalError, "\(error)")
    }
  }

  private init(file error: FileFailure) {
    switch error.reason {
    case String(cString: strerror(ENOENT)), String(cString: strerror(ENOTDIR)):
      self.init(
        .missing, "\(error)",
        hint: "give a Hugging Face folder, or make a small one to try with `mdata model new DIR`")
    case String(cString: strerror(EACCES)):
      self.init(.denied, "\(error)", hint: "look at the permissions of `\(error.path)`")
    default: self.init(.io, "\(error)")
    }
  }

  private init(training error: TrainingError) {
    switch error {
    case .configuration: self.init(.usage, "\(error)")
    case .nothingToLearn: self.init(.data, "\(error)", hint: "try a larger `--seq-len`")
    case .templateToken:
      self.init(.data, "\(error)", hint: "choose another `--template`, or a model that knows this one")
    case .earlierTurns, .turnsOutOfOrder: self.init(.data, "\(error)")
    case .diverged: self.init(.other, "\(error)", hint: "try a smaller `--lr`")
    }
  }

  private init(inference error: InferenceError) {
    switch error {
    case .promptTooLong, .notANumber: self.init(.data, "\(error)")
    case .emptyPrompt: self.init(.usage, "\(error)")
    case .cache: self.init(.other, "\(error)", hint: "try a smaller `-n` or `--batch`")
    }
  }

  private init(http error: HTTPError) {
    switch error {
    case .refusedAddress: self.init(.usage, "\(error)")
    case .status(_, 401), .status(_, 403): self.init(.denied, "\(error)")
    case .status(_, 404): self.init(.missing, "\(error)")
    case .tooLarge: self.init(.data, "\(error)")
    case .noLibrary:
      self.init(.unavailable, "\(error)", hint: "install it (Debian: `apt install libcurl4`), or give a path")
    case .status, .transfer: self.init(.unavailable, "\(error)", hint: "download the file and give its path")
    }
  }
}
