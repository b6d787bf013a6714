# shellcheck shell=sh disable=SC2034
# Takes scheme://user:password@host:port/path?query apart, so that a password can travel in the environment instead of an argument.

split_url() { # -> URL_SCHEME URL_USER URL_PASSWORD URL_HOST URL_PORT URL_PATH URL_QUERY, decoded except the query
  case $1 in *[[:cntrl:]]* | *%[01][0-9A-Fa-f]* | *%7[Ff]*) fail config "a control character in the address" ;; esac
  URL_SCHEME=${1%%://*} URL_USER='' URL_PASSWORD='' URL_PORT='' URL_PATH='' URL_QUERY=''
  _rest=${1#*://}
  case $_rest in *\?*) URL_QUERY=${_rest#*\?} _rest=${_rest%%\?*} ;; esac
  case $_rest in */*) URL_PATH=$(unpercent "${_rest#*/}") _rest=${_rest%%/*} ;; esac
  case $_rest in
    *@*)
      _user=${_rest%@*} _rest=${_rest##*@}
      case $_user in *:*) URL_PASSWORD=$(unpercent "${_user#*:}") ;; esac
      URL_USER=$(unpercent "${_user%%:*}")
      ;;
  esac
  case $_rest in
    \[*\]*) URL_PORT=${_rest##*\]} URL_PORT=${URL_PORT#:} _rest=${_rest#\[} _rest=${_rest%%\]*} ;;
    *:*) URL_PORT=${_rest##*:} _rest=${_rest%:*} ;;
  esac
  URL_HOST=$(unpercent "$_rest")
}
