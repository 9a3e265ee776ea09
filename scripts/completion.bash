# completion.bash: options of the filters and scripts for bash, as their --help lists them; files otherwise.
# shellcheck shell=bash
_sp_options() {
	local word=${COMP_WORDS[COMP_CWORD]} options
	COMPREPLY=()
	[[ $word == -* && $word != *=* ]] || return 0
	options=$("$1" --help 2>/dev/null | grep -oE '^ *(-., )?--[a-z][a-z-]*(\[?=)?' | sed 's/.*--/--/; s/\[//' | sort -u)
	mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
	# What wants a value goes on behind the sign.
	[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}
complete -o default -F _sp_options sp-advise sp-analyze sp-batch sp-compare sp-diff sp-fdmap sp-hist sp-io \
	sp-normalize sp-parse sp-report sp-select sp-stats sp-tee sp-trace
