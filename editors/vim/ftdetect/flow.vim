" Call flows, but not the declaration files of JavaScript's Flow.
autocmd BufNewFile,BufRead *.flow if expand('%:t') !~# '\.js\.flow$' | setfiletype callflow | endif
