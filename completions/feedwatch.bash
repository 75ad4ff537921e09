# bash completion for feedwatch: the program itself knows what may come next.

_feedwatch()
{
        # COMP_WORDS parts "--option=value" at '='; put it together again.
        local -a words=()
        local i word
        for ((i = 1; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if ((${#words[@]})) && [[ $word == = || (${COMP_WORDS[i - 1]} == = && ${words[-1]} == --*=) ]]; then
                        words[-1]+=$word
                else
                        words+=("$word")
                fi
        done

        local current=${COMP_WORDS[COMP_CWORD]} candidate help
        [[ $current == = ]] && current=
        local joined=${words[-1]}
        COMPREPLY=()
        while IFS=$'\t' read -r candidate help; do
                if [[ $candidate == :files ]]; then
                        compopt -o filenames 2> /dev/null
                        mapfile -t COMPREPLY < <(compgen -f -- "$current")
                        return
                fi
                # of "--option=value" only the part after '=' is ours to replace
                COMPREPLY+=("${candidate#"${joined%"$current"}"}")
        done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete "${words[@]}" 2> /dev/null)
}

complete -F _feedwatch feedwatch
