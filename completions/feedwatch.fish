# fish completion for feedwatch: the program itself knows what may come next.

function __feedwatch_complete
        set -l words (commandline -opc) (commandline -ct)
        for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
                if test "$line" = :files
                        set -l current (string replace -r -- '^(--[^=]*=).*' '$1' (commandline -ct))
                        if string match -q -- '--*=' $current
                                __fish_complete_path (string replace -- $current '' (commandline -ct)) | string replace -r '^' -- $current
                        else
                                __fish_complete_path (commandline -ct)
                        end
                else
                        echo $line
                end
        end
end

complete -c feedwatch -f -a '(__feedwatch_complete)'
