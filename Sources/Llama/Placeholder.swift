enum LlamaPlaceholder {}
