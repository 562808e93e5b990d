" Syntax of flowc call flows. Language id: callflow.
if exists('b:current_syntax')
    finish
endif

syntax case match

syntax keyword flowItem edition use inbound timezone setting switch const enum record fn prompt table roster skill team agent limit queue calendar holidays service flow campaign test always never budget public as
syntax keyword flowKind greet step route after_hours menu collect dial callback voicemail survey detect transfer conference run end decline
syntax keyword flowStatement let set say announce play do send count reset if each mark discard
syntax keyword flowClause on press otherwise when then share visits ask again take check confirm wait gap join longest music every after priority whisper show during capacity pick prefer ring for deliver to question scale silence speaks state gives return in_turn silently times until with agents recording
syntax keyword flowConstant true false none nobody caller both
syntax keyword flowOperator not and or in is else
syntax keyword flowType bool int decimal text digits phone duration date time datetime money secret list map

syntax match flowArrow "->"
syntax match flowNumber "\<\d\+\(\.\d\+\)\?%\?\>"
syntax match flowDuration "\<\(\d\+\(ms\|s\|m\|h\|d\)\)\+\>"
syntax match flowDate "\<\d\{4}-\d\d-\d\d\(T\d\d:\d\d\(:\d\d\)\?\)\?\>"
syntax match flowTime "\<\d\d:\d\d\(:\d\d\)\?\>"

syntax match flowEscape contained "\\\(u{[0-9a-fA-F]*}\|.\)\|{{"
syntax region flowHole contained start="{" end="}" contains=flowNumber,flowConstant,flowOperator
syntax region flowString start=+"+ skip=+\\"+ end=+"+ oneline contains=flowEscape,flowHole

syntax match flowComment "//.*$" contains=@Spell
syntax match flowDoc "//[/!].*$" contains=@Spell

highlight default link flowItem Keyword
highlight default link flowKind Function
highlight default link flowStatement Statement
highlight default link flowClause Statement
highlight default link flowConstant Constant
highlight default link flowOperator Operator
highlight default link flowType Type
highlight default link flowArrow Special
highlight default link flowNumber Number
highlight default link flowDuration Number
highlight default link flowDate Number
highlight default link flowTime Number
highlight default link flowString String
highlight default link flowEscape SpecialChar
highlight default link flowHole Identifier
highlight default link flowComment Comment
highlight default link flowDoc SpecialComment

let b:current_syntax = 'callflow'
