# Hosts cp1 and cp2 in network namespaces on a bridge, which is the interface of cp3. $1: who has the address; $2: what looks.
set -e
hosts=""
trap 'kill $hosts' EXIT
ip link add lan type bridge
ip address add 10.9.0.3/24 dev lan
ip link set lan up
ours=$(readlink /proc/self/ns/net)
for number in 1 2; do
    unshare --net sleep 60 &
    hosts="$hosts $!"
    until [ "$(readlink /proc/$!/ns/net)" != "$ours" ]; do :; done
    ip link add "port$number" type veth peer name eth0 netns "$!"
    ip link set "port$number" master lan up
    nsenter --target "$!" --net ip address add "10.9.0.$number/24" dev eth0
    nsenter --target "$!" --net ip link set eth0 up
    case " $1 " in *" cp$number "*) nsenter --target "$!" --net ip address add 10.9.0.5/32 dev eth0 ;; esac
done
case " $1 " in *" cp3 "*) ip address add 10.9.0.5/32 dev lan ;; esac
"$2" --ignored --exact observe::address::wire::looks --nocapture
