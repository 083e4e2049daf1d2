# Part A of the article: kubenet.
az network vnet create -g whhk -n vnet01 --address-prefixes 10.0.0.0/16 -l eastus -o none
az network vnet subnet create -g whhk -n vlan01 --vnet-name vnet01 --address-prefixes 10.0.0.0/22 -o none
vnet_id=$(az network vnet show -g whhk -n vnet01 -o tsv --query id)
vlan_id=$(az network vnet subnet show -g whhk --vnet-name vnet01 -n vlan01 -o tsv --query id)
az ad sp create-for-rbac -n whforaks --skip-assignment -o none
appid=$(az ad sp list --display-name whforaks -o tsv --query "[0].appId")
az role assignment create --assignee $appid --scope $vnet_id --role "Network Contributor" -o none
az aks create -g whhk -n aks01 -l eastus --node-count 2 --network-plugin kubenet --service-cidr 172.16.1.0/24 \
  --dns-service-ip 172.16.1.10 --pod-cidr 10.244.0.0/16 --docker-bridge-address 172.17.0.1/16 --vnet-subnet-id $vlan_id \
  --service-principal $appid --client-secret $passwd -o none
az aks get-credentials -g whhk -n aks01
kubectl get node
kubectl create deployment nginx --image nginx
kubectl scale deployment nginx --replicas=3
nodename=$(kubectl get node -o jsonpath='{.items[0].metadata.labels.kubernetes\.io\/hostname}')
kubectl debug node/$nodename -it --image=mcr.microsoft.com/aks/fundamental/base-ubuntu:v0.0.11
cd /host/etc/cni/net.d/
cat 10-containerd-net.conflist
tar vxf crictl-v1.22.0-linux-amd64.tar.gz
cp crictl /usr/local/bin
crictl -r unix:///host/run/containerd/containerd.sock ps
crictl -r unix:///host/run/containerd/containerd.sock pods
container=$(crictl -r unix:///host/run/containerd/containerd.sock ps | grep nginx | head -1 | awk '{print $1}')
crictl -r unix:///host/run/containerd/containerd.sock exec -it $container sh
ip a
exit
brctl show
brctl showmacs cbr0
exit
kubectl get pod -o wide
near=$(kubectl get pod -o wide | grep 10.244.1.3 | awk '{print $1}')
kubectl debug node/$nodename -it --image=mcr.microsoft.com/aks/fundamental/base-ubuntu:v0.0.11
tcpdump icmp -i eth0 &
exit
kubectl exec -it $near -- sh
ping -c 2 10.244.1.2
ping -c 2 10.244.0.6
exit
kubectl debug node/$nodename -it --image=mcr.microsoft.com/aks/fundamental/base-ubuntu:v0.0.11
fg
exit
az network route-table list -g mc_whhk_aks01_eastus --query "[].{address:routes[].addressPrefix[],nextHop:routes[].nextHopIpAddress[]}"
