extension ChatTemplate {
  /// The template that a `chat_template` of a model's configuration is, or nil when it is none of the known ones.
  ///
  /// It is a program (in Jinja), which is not run: it is compared with the programs that are known to write these forms.
  /// `oracles/` shows that they do.
  public init?(source: String) {
    // Files have a line break inside of a quoted text as itself or as an escape, which means the same.
    let source = source.replacing(#"\n"#, with: "\n")
    for known in Self.known {
      let parts = known.parts.map { $0.replacing(#"\n"#, with: "\n") }
      if let system = Self.between(parts, in: source) {
        self.init(known.form, defaultSystem: system.isEmpty ? nil : system)
        return
      }
    }
    return nil
  }

  /// What stands between two parts that make the source together with it; empty for one part that is the source.
  private static func between(_ parts: [String], in source: String) -> String? {
    let bytes = Array(source.utf8)
    let first = Array(parts[0].utf8)
    guard parts.count == 2 else { return bytes == first ? "" : nil }
    let last = Array(parts[1].utf8)
    guard bytes.count > first.count + last.count, bytes.starts(with: first),
      bytes.reversed().starts(with: last.reversed())
    else { return nil }
    let system = bytes[first.count..<(bytes.count - last.count)]
    // A quote would end the text, and a backslash begin an escape.
    guard !system.contains(where: { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\\") }) else { return nil }
    return String(decoding: system, as: UTF8.self)
  }

  private static let chatMLMessage =
    #"{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"#
  private static let chatMLEnd =
    #"{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"#
  private static let isDefined =
    "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}"

  private static let llama3Messages =
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    + #"{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}"#
    + "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
  private static let llama3Prompt = #"{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}"#

  private static let llama2Source =
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
    + "{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}"
    + "{% set system_message = false %}{% endif %}{% for message in loop_messages %}"
    + "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    + "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    + "{% if loop.index0 == 0 and system_message != false %}"
    + #"{% set content = '<<SYS>>\n' + system_message + '\n<</SYS>>\n\n' + message['content'] %}"#
    + "{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}"
    + "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
    + "{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"

  /// The programs, with a gap where a default system message stands.
  static let known: [(form: Form, parts: [String])] = [
    (.chatML, ["{% for message in messages %}" + chatMLMessage + chatMLEnd]),
    (.chatML, [isDefined + "{% for message in messages %}" + chatMLMessage + chatMLEnd]),
    (
      .chatML,
      [
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
          + #"{{ '<|im_start|>system\n"#,
        #"<|im_end|>\n' }}{% endif %}"# + chatMLMessage + chatMLEnd,
      ]
    ),
    (.llama2, [llama2Source]),
    (.llama3, [llama3Messages + llama3Prompt]),
    (.llama3, [llama3Messages + "{% if add_generation_prompt %}" + llama3Prompt + "{% endif %}"]),
  ]
}
